import { readFile, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { useTemporaryFolders } from '../../../helpers/temporary-folders.ts';
import { usePodProcesses } from './pod-process.ts';

jest.setTimeout(60_000);
const startPod = usePodProcesses();
const temporaryFolder = useTemporaryFolders();

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers });

/** The answer's status and its code or body. */
async function readProblem(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const { status, code } = (await response.json()) as { status: number; code: string };
  expect(status).toBe(response.status);
  return `${status} ${code}`;
}

describe('the session pod', () => {
  it('echoes each call, counts it and has it in its file before it answers', async () => {
    const stateFile = join(await temporaryFolder(), 'state.json');
    const pod = await startPod({ STATE_FILE_PATH: stateFile, PODKEEPER_INCARNATION: '7' });
    for (const count of [1, 2]) {
      const answer = await post(`${pod.url}/execute`, { step: count }, { 'x-request-id': `r${count}` });
      expect(await answer.json()).toEqual({
        sessionId: 'alice-1',
        incarnation: 7,
        count,
        echo: { step: count },
        pod: { sessionKey: null, incarnation: 7, podUid: null },
      });
      expect(JSON.parse(await readFile(stateFile, 'utf8'))).toMatchObject({ count });
    }
    expect(await (await fetch(`${pod.url}/state`)).json()).toMatchObject({
      sessionId: 'alice-1',
      count: 2,
      calls: [
        { number: 1, requestId: 'r1', body: { step: 1 } },
        { number: 2, requestId: 'r2', body: { step: 2 } },
      ],
    });
  });

  it('counts calls that come at once, each exactly once', async () => {
    const stateFile = join(await temporaryFolder(), 'state.json');
    const pod = await startPod({ STATE_FILE_PATH: stateFile });
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, step) => (await post(`${pod.url}/execute`, { step })).json()),
    );
    const counts = answers.map((answer) => (answer as { count: number }).count).sort((a, b) => a - b);
    expect(counts).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(JSON.parse(await readFile(stateFile, 'utf8'))).toMatchObject({ count: 40 });
  });

  it('goes on with the file of its own session, and not with that of another', async () => {
    const stateFile = join(await temporaryFolder(), 'state.json');
    const first = await startPod({ STATE_FILE_PATH: stateFile });
    await post(`${first.url}/execute`, 'x'.repeat(5000).replace(/^.*$/, '"$&"'));
    first.signal('SIGKILL');
    await first.ended;
    const second = await startPod({ STATE_FILE_PATH: stateFile });
    // A long body is kept as its hash.
    expect(await (await fetch(`${second.url}/state`)).json()).toMatchObject({
      count: 1,
      calls: [{ bytes: 5002, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
    const other = await startPod({ STATE_FILE_PATH: stateFile, SESSION_ID: 'bob' });
    expect(await (await fetch(`${other.url}/state`)).json()).toMatchObject({ sessionId: 'bob', count: 0 });
  });

  it('says so when its file can not be written, and goes on when it can again', async () => {
    const folder = await temporaryFolder();
    const stateFile = join(folder, 'missing', 'state.json');
    const pod = await startPod({ STATE_FILE_PATH: stateFile });
    expect(await readProblem(await post(`${pod.url}/execute`, {}))).toBe('500 internal');
    const { mkdir } = await import('node:fs/promises');
    await mkdir(join(folder, 'missing'));
    expect((await post(`${pod.url}/execute`, {})).status).toBe(200);
    expect(JSON.parse(await readFile(stateFile, 'utf8'))).toMatchObject({ count: 2 });
    await rm(stateFile);
  });

  it('answers what it can not serve with a problem', async () => {
    const pod = await startPod();
    const get = (path: string) => fetch(pod.url + path);
    expect(await readProblem(await post(`${pod.url}/execute`, '{"a":'))).toBe('400 invalid_json');
    expect(await readProblem(await get('/nothing'))).toBe('404 not_found');
    expect(await readProblem(await get('/execute'))).toBe('405 wrong_method');
    expect((await get('/execute')).headers.get('allow')).toBe('POST');
    expect(await readProblem(await get('/slow?ms=-1'))).toBe('400 invalid_query');
    expect(await readProblem(await get('/.podkeeper/identity'))).toBe('404 not_found');
    expect(await readProblem(await post(`${pod.url}/exit?code=3`, ''))).toBe('404 not_found');
    expect((await fetch(`${pod.url}/state`, { headers: { 'x-long': 'a'.repeat(17_000) } })).status).toBe(431);
  });

  it('refuses a body above 10 MiB, said or not said before, and serves the connection on', async () => {
    const pod = await startPod();
    const limit = 10 * 1024 * 1024;
    const fits = await post(`${pod.url}/execute`, `"${'x'.repeat(limit - 2)}"`);
    expect(fits.status).toBe(200);
    expect(await readProblem(await post(`${pod.url}/execute`, 'x'.repeat(limit + 1)))).toBe('413 body_too_large');
    const chunked = await new Promise<number | undefined>((resolve, reject) => {
      const sent = httpRequest(`${pod.url}/execute`, { method: 'POST' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject);
      for (let sentBytes = 0; sentBytes <= limit; sentBytes += 65_536) sent.write(Buffer.alloc(65_536, 0x20));
      sent.end();
    });
    expect(chunked).toBe(413);
    expect(await (await fetch(`${pod.url}/state`)).json()).toMatchObject({ count: 1 });
  });

  it('is busy when it was told so', async () => {
    const pod = await startPod();
    const busy = async () => (await fetch(`${pod.url}/busy`)).json();
    expect(await busy()).toEqual({ busy: false });
    await post(`${pod.url}/busy`, { busy: true });
    expect(await busy()).toEqual({ busy: true });
    await post(`${pod.url}/busy`, { busy: false });
    expect(await busy()).toEqual({ busy: false });
  });

  it('answers late and streams events when asked to', async () => {
    const pod = await startPod();
    const started = Date.now();
    expect(await (await fetch(`${pod.url}/slow?ms=300`)).json()).toEqual({ waitedMs: 300 });
    expect(Date.now() - started).toBeGreaterThanOrEqual(290);
    const events = await fetch(`${pod.url}/stream?seconds=2`);
    expect(events.headers.get('content-type')).toBe('text/event-stream');
    const text = await events.text();
    expect(text.match(/^data: .*$/gm)?.map((line) => (JSON.parse(line.slice(6)) as { number: number }).number)).toEqual(
      [1, 2],
    );
  });

  it('for tests ends with a code, and shows a request as it came', async () => {
    const pod = await startPod({ SESSION_TESTS: '1' });
    const mirrored = await fetch(`${pod.url}/mirror?a=%20b`, { method: 'PUT', body: 'abc', headers: { 'X-Own': '1' } });
    expect(await mirrored.json()).toMatchObject({
      method: 'PUT',
      target: '/mirror?a=%20b',
      rawHeaders: expect.arrayContaining(['X-Own', '1']),
      body: { bytes: 3, sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    });
    expect((await post(`${pod.url}/exit?code=3`, '')).status).toBe(202);
    expect(await pod.ended).toBe(3);
  });

  it('tells each request but probes, whole or cut off, and never the raw session id or the query', async () => {
    const pod = await startPod({ SESSION_ID: 'secret-session' });
    await fetch(`${pod.url}/healthz`);
    await fetch(`${pod.url}/state?token=hidden`, { headers: { 'x-request-id': 'r1' } });
    const abort = new AbortController();
    const cut = fetch(`${pod.url}/slow?ms=60000`, { signal: abort.signal, headers: { 'x-request-id': 'r2' } });
    setTimeout(() => abort.abort(), 200);
    await expect(cut).rejects.toThrow();
    const line = await pod.logged(({ requestId }) => requestId === 'r2');
    expect(line).toMatchObject({ event: 'request', method: 'GET', path: '/slow', complete: false });
    const whole = pod.log().find(({ requestId }) => requestId === 'r1');
    expect(whole).toMatchObject({ event: 'request', path: '/state', status: 200, complete: true, podUid: null });
    expect(whole!['end']).toBeGreaterThanOrEqual(whole!['begin'] as number);
    expect(whole!['bytes']).toBeGreaterThan(100);
    const text = JSON.stringify(pod.log());
    for (const hidden of ['healthz', 'secret-session', 'hidden']) expect(text).not.toContain(hidden);
  });

  it.each([
    [{ SESSION_ID: '' }, 'SESSION_ID'],
    [{ PORT: 'http' }, 'PORT'],
    [{ PODKEEPER_POD_KEY: 'k', POD_UID: 'u', PODKEEPER_SESSION_KEY: 's' }, 'PODKEEPER_INCARNATION'],
  ])('does not start with %j', async (env, name) => {
    await expect(startPod(env as Record<string, string>)).rejects.toThrow(name);
  });
});
