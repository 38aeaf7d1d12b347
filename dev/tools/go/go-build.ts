import { spawn } from 'node:child_process';
import { lastLines } from '../../shared/run-command.ts';
import type { Report } from '../../shared/report.ts';
import type { ToolModule } from '../catalog.ts';
import { moduleFolder } from '../catalog.ts';
import type { GoToolchain } from './go-toolchain.ts';

const repeatSeconds = 10;

/**
 * Runs one `go build` for all programs of a module into `outputFolder`, with progress. Throws with the end of the compiler's
 * output. The same flags everywhere: Go's own cache then serves repeated builds.
 */
export async function goBuild(input: {
  readonly module: ToolModule;
  readonly go: GoToolchain;
  readonly outputFolder: string;
  readonly temporaryFolder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly report: Report;
  readonly signal?: AbortSignal;
}): Promise<void> {
  const { module, report } = input;
  const title = `building ${module.name} ${module.version} with Go ${input.go.version}`;
  const started = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  report(`${title}; about ${module.buildMinutes} min from cold on two cores`);
  const child = spawn(input.go.path, buildArguments(module, input.outputFolder), {
    cwd: moduleFolder(module.name),
    // A failed or interrupted build must leave nothing behind, so its scratch files go to a folder that is removed.
    env: { ...input.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off', GOTMPDIR: input.temporaryFolder },
    stdio: ['ignore', 'pipe', 'pipe'],
    killSignal: 'SIGINT',
    ...(input.signal && { signal: input.signal }),
  });
  const output = collectOutput(child.stdout, child.stderr);
  const ticker = setInterval(() => {
    const doing = output.text() === '' ? 'reading the sources' : lastLines(output.text(), 1);
    report(`  … ${title} (${elapsed()}, ${output.packages()} packages): ${doing}`);
  }, repeatSeconds * 1000);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    if (code !== 0) {
      throw new Error(
        `${title} failed after ${elapsed()}. The compiler's last words:\n${lastLines(output.text(), 25)}`,
      );
    }
  } finally {
    clearInterval(ticker);
  }
  report(`  ✓ ${module.name} ${module.version} built in ${elapsed()}`);
}

function buildArguments(module: ToolModule, outputFolder: string): string[] {
  const output = module.output === undefined ? `${outputFolder}/` : `${outputFolder}/${module.output}`;
  // -v names each package as it is compiled: the only sign of life a long build gives.
  return ['build', '-v', '-mod=readonly', '-trimpath', '-ldflags', module.ldflags, '-o', output, ...module.packages];
}

const keptCharacters = 16_384;

function collectOutput(...streams: readonly NodeJS.ReadableStream[]) {
  let text = '';
  let packages = 0;
  for (const stream of streams) {
    stream.setEncoding('utf8').on('data', (chunk: string | Buffer) => {
      text = `${text}${chunk.toString()}`.slice(-keptCharacters);
      packages += chunk.toString().match(/^[\w.-]+(?:\/[\w.-]+)*$/gm)?.length ?? 0;
    });
  }
  return { text: () => text, packages: () => packages };
}
