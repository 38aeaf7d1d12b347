import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { buildPod } from '../../../helpers/pods.ts';

const binary = join(dirname(fileURLToPath(import.meta.url)), '../../../../cli/podkeeper.js');

async function podkeeper(args: readonly string[], stdin: string) {
  const child = spawn(process.execPath, [binary, ...args]);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(stdin);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

const pods = (count: number): string =>
  Array.from({ length: count }, (_, index) => `${JSON.stringify(buildPod({ name: `pod-${index}` }))}\n`).join('');

describe('the podkeeper binary', () => {
  it('classifies a pod from standard input without any server', async () => {
    const { code, stdout, stderr } = await podkeeper(['classify', '-', '--output', 'json'], pods(1));
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, primary: null });
    expect(code).toBe(0);
  }, 60_000);

  it('exits 2 on bad input and on wrong usage', async () => {
    const bad = await podkeeper(['classify', '-'], 'kind: Service');
    expect(bad).toMatchObject({ code: 2, stdout: '' });
    expect(bad.stderr).toBe('podkeeper classify: standard input: document 1 (line 1): kind is Service, not Pod\n');
    expect((await podkeeper(['classify', '-', '--now', 'noon'], '')).code).toBe(2);
  }, 60_000);

  it('ends quietly when its reader leaves', async () => {
    const child = spawn(process.execPath, [binary, 'classify', '-', '-o', 'json']);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    child.stdin.end(pods(5000));
    const [code] = (await once(child, 'close')) as [number | null];
    expect(stderr).toBe('');
    expect(code).toBe(0);
  }, 60_000);
});
