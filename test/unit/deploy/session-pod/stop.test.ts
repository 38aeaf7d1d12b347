import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { useTemporaryFolders } from '../../../helpers/temporary-folders.ts';
import { usePodProcesses } from './pod-process.ts';
import { openRaw, upgradeHeaders } from './raw-connection.ts';

jest.setTimeout(60_000);
const startPod = usePodProcesses();
const temporaryFolder = useTemporaryFolders();

describe('on SIGTERM the session pod', () => {
  it('finishes the open request, says goodbye to WebSockets, takes nothing new, and writes its state', async () => {
    const stateFile = join(await temporaryFolder(), 'state.json');
    const pod = await startPod({ STATE_FILE_PATH: stateFile });
    await fetch(`${pod.url}/execute`, { method: 'POST', body: '1' });
    await rm(stateFile);
    const webSocket = new WebSocket(`${pod.url}/ws`);
    await new Promise((resolve) => webSocket.addEventListener('open', resolve));
    const closed = new Promise<number>((resolve) =>
      webSocket.addEventListener('close', ({ code }) => {
        resolve(code);
      }),
    );
    const idle = await openRaw(pod.port);
    expect((await idle.ask({ path: '/state' })).status).toBe(200);
    const late = await openRaw(pod.port);
    const answer = late.ask({ path: '/slow?ms=2500' });
    // So that the request is there when the signal comes.
    expect((await idle.ask({ path: '/slow?ms=300' })).status).toBe(200);
    pod.signal('SIGTERM');
    await pod.logged(({ event }) => event === 'stopping');
    expect(await closed).toBe(1001);
    await idle.closed;
    await expect(fetch(`${pod.url}/state`)).rejects.toThrow();
    expect(await answer).toMatchObject({ status: 200, body: { waitedMs: 2500 } });
    // So that nobody sends another request on it.
    expect((await answer).head).toMatch(/^connection: close/im);
    expect(await pod.ended).toBe(0);
    expect(JSON.parse(await readFile(stateFile, 'utf8'))).toMatchObject({ count: 1 });
  });

  it('ends when its last stream does, also on connections that are kept alive', async () => {
    const pod = await startPod();
    const stream = await fetch(`${pod.url}/stream?seconds=2`);
    expect(stream.headers.get('connection')).toBe('keep-alive');
    pod.signal('SIGTERM');
    expect(await stream.text()).toContain('id: 2');
    expect(await pod.ended).toBe(0);
    const timeOf = (name: string) => Date.parse(String(pod.log().find(({ event }) => event === name)?.['time']));
    expect(timeOf('stopped') - timeOf('stopping')).toBeLessThan(7500);
  });

  it('does not wait for ever for a request or for a WebSocket that does not answer', async () => {
    const stateFile = join(await temporaryFolder(), 'state.json');
    const pod = await startPod({ STATE_FILE_PATH: stateFile });
    const silent = await openRaw(pod.port);
    expect((await silent.ask({ path: '/ws', headers: upgradeHeaders })).status).toBe(101);
    const cut = fetch(`${pod.url}/slow?ms=60000`);
    const refused = expect(cut).rejects.toThrow();
    await (await fetch(`${pod.url}/slow?ms=200`)).text();
    const started = Date.now();
    pod.signal('SIGTERM');
    await refused;
    await silent.closed;
    expect(await pod.ended).toBe(0);
    expect(Date.now() - started).toBeGreaterThanOrEqual(7900);
    expect(existsSync(stateFile)).toBe(true);
  });
});
