import { expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../../../', import.meta.url));

it('a reader that has seen enough is no failure', async () => {
  const child = spawn(process.execPath, ['cli/podkeeper.js', 'classify', 'test/recordings', '--output', 'json'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  child.stderr.on('data', (text: Buffer) => (told += text.toString()));
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [code] = (await once(child, 'close')) as [number | null];
  expect([code, told]).toEqual([0, '']);
}, 60_000);
