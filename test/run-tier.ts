import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Tier = 'unit' | 'integration' | 'cluster';

export interface TierResult {
  readonly tier: Tier;
  readonly passed: number;
  /** Failed tests, plus test files that could not even be run. */
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
}

/** Tiers that share servers run their files one by one: on two cores, parallel load makes real servers look broken. */
const workers: Readonly<Record<Tier, number>> = { unit: 2, integration: 2, cluster: 1 };

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** Runs one tier in its own Jest and reads the counts from its report. A Jest that dies counts as one failure. */
export async function runTier(
  tier: Tier,
  { env, signal }: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<TierResult> {
  const startedMs = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'podkeeper-test-'));
  const report = join(folder, 'report.json');
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest];
  args.push('--selectProjects', tier, '--maxWorkers', String(workers[tier]), '--json', '--outputFile', report);
  const child = spawn(process.execPath, args, {
    // Jest prints the report on standard output as well; what a person reads comes on standard error.
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  });
  const stop = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', stop);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  signal.removeEventListener('abort', stop);
  const counts = await readReport(report);
  await rm(folder, { recursive: true });
  const seconds = (performance.now() - startedMs) / 1000;
  if (counts === null) return { tier, passed: 0, failed: 1, skipped: 0, seconds };
  const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites;
  return {
    tier,
    passed: counts.numPassedTests,
    failed: code === 0 ? failed : Math.max(1, failed),
    skipped: counts.numPendingTests,
    seconds,
  };
}

async function readReport(path: string): Promise<JestReport | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as JestReport;
  } catch (error) {
    console.error(`Jest wrote no report: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}
