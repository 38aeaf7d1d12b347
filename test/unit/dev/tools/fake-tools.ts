import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Writes an executable shell script, making its folder. Returns its path. */
export async function writeScript(path: string, body: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

/**
 * A `go` that says a version and, asked to build, runs `build` with $out set to what follows -o. Its default makes every
 * program asked for, writes a line to $HOME/builds and takes half a second.
 */
export async function writeFakeGo(folder: string, input: { version?: string; build?: string } = {}): Promise<string> {
  const build =
    input.build ??
    'echo build >> "$HOME/builds"; sleep 0.5; for p in "$@"; do case "$p" in */*) last="$p";; esac; done';
  return writeScript(
    join(folder, 'go'),
    `if [ "$1" = version ]; then echo "go version go${input.version ?? '1.26.8'} linux/amd64"; exit 0; fi
out=""; previous=""
for argument in "$@"; do [ "$previous" = -o ] && out="$argument"; previous="$argument"; done
${build}
case "$out" in
*/) for argument in "$@"; do case "$argument" in k8s.io/*/cmd/*|github.com/*/cmd/*) echo '#!/bin/sh' > "$out$(basename "$argument")"; chmod +x "$out$(basename "$argument")";; esac; done ;;
*) echo '#!/bin/sh' > "$out"; chmod +x "$out" ;;
esac`,
  );
}
