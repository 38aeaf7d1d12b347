import { afterEach, describe, expect, it } from '@jest/globals';
import { withFiles } from '../../../helpers/run-command.ts';
import { json, refusal, createStandIns } from './gateway-stand-in.ts';

const { start, closeAll } = createStandIns();
afterEach(closeAll);

const cold = { 'x-podkeeper-start': 'cold' };

describe('podkeeper sessions exec', () => {
  it("prints the pod's answer, and on standard error how it came about", async () => {
    const gateway = await start(json({ said: 'hello' }, 200, cold));
    const { code, stdout, faults } = await gateway.run(['exec', 'ann-1', '{"say": "hello"}', '--class', 'agent']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"said":"hello"}\n' });
    expect(faults).toEqual([expect.stringMatching(/^Session ann-1: a pod was made for it; 200 after \d\.\d s\.$/)]);
    const { method, url, body, headers } = gateway.seen[0]!;
    expect([method, url, body]).toEqual(['POST', '/api/v1/session/ann-1/execute', '{"say": "hello"}']);
    expect(headers).toMatchObject({ 'x-podkeeper-class': 'agent', 'content-type': 'application/json' });
  });

  it('takes JSON from a file and from standard input', async () => {
    const gateway = await start(json({}));
    await withFiles({ 'in.json': '{"from":"file"}' }, async (folder) => {
      await gateway.run(['exec', 'a', `@${folder}/in.json`]);
    });
    await gateway.run(['exec', 'a', '-'], { stdin: '{"from":"stdin ä"}' });
    await gateway.run(['exec', 'a']);
    expect(gateway.seen.map(({ body }) => body)).toEqual(['{"from":"file"}', '{"from":"stdin ä"}', '{}']);
  });

  it.each([
    [['exec', 'a', '{say: hello}'], 'The input is not JSON'],
    [['exec', 'a', '@/nonexistent.json'], '/nonexistent.json: there is no such file.'],
    [['exec', 'a', '-'], 'Standard input is not JSON'],
    [['exec', 'a', '{}', '--wait', '2h'], '1h at most'],
  ])('refuses %j before it asks', async (args, message) => {
    const gateway = await start(json({}));
    const { code, faults } = await gateway.run(args);
    expect(code).toBe(2);
    expect(faults.join()).toContain(message);
    expect(gateway.seen).toEqual([]);
  });

  it('asks again while the pod starts, and gives up when the time is over', async () => {
    const starting = refusal('starting', { retryAfterSeconds: 1 });
    const rebuilding = refusal('admission_rebuilding', { retryAfterSeconds: 1 });
    const gateway = await start(starting, rebuilding, json({ ok: true }, 200, cold), starting);
    expect(await gateway.run(['exec', 'a'])).toMatchObject({ code: 0, stdout: '{"ok":true}\n' });
    const { code, faults } = await gateway.run(['exec', 'a', '{}', '--wait', '0s']);
    expect(code).toBe(3);
    expect(faults.join()).toContain('(503 starting) Try again in 1 s.');
    expect(gateway.seen).toHaveLength(4);
  });

  it('asks again for no other refusal', async () => {
    const gateway = await start(refusal('connect_failed', { retryAfterSeconds: 1 }));
    expect((await gateway.run(['exec', 'a'])).code).toBe(3);
    expect(gateway.seen).toHaveLength(1);
  });

  it('prints an error of the pod itself as it is, and ends with 1', async () => {
    const gateway = await start((response) =>
      response.writeHead(500, { 'content-type': 'application/problem+json' }).end('{"type":"about:blank"}'),
    );
    const { code, stdout, faults } = await gateway.run(['exec', 'a']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '{"type":"about:blank"}\n' });
    expect(faults.join()).toContain('500 after');
  });

  it('prints one object as JSON, whatever the pod answers', async () => {
    const gateway = await start(json({ a: 1 }, 200, { 'x-podkeeper-start': 'healed' }), (response) =>
      response.end('plain'),
    );
    const first = await gateway.run(['exec', 'a', '-o', 'json'], {});
    expect(JSON.parse(first.stdout)).toMatchObject({ session: 'a', status: 200, start: 'healed', body: { a: 1 } });
    const second = await gateway.run(['exec', 'a', '-o', 'json']);
    expect(JSON.parse(second.stdout)).toMatchObject({ start: null, body: 'plain' });
  });

  it('keeps what a pod says from steering a terminal', async () => {
    const gateway = await start((response) => response.end('a\u001b[2Jb\u0007\n\tc'));
    expect((await gateway.run(['exec', 'a'], { columns: 80 })).stdout).toBe('ab\n\tc\n');
    expect((await gateway.run(['exec', 'a'])).stdout).toBe('a\u001b[2Jb\u0007\n\tc\n');
  });
});
