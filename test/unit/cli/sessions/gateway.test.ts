import { createServer } from 'node:net';
import { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { json, refusal, runSessions, createStandIns } from './gateway-stand-in.ts';

const { start, closeAll } = createStandIns();
afterEach(closeAll);

const token = 'not-to-be-shown';

describe('a gateway that does not answer as it should', () => {
  it('is told how to be started when nobody listens', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { code, faults } = await runSessions(['list', '--url', `http://127.0.0.1:${port}`], {});
    expect(code).toBe(3);
    expect(faults).toEqual([
      `No gateway answers at http://127.0.0.1:${port}. Start one with "npm run gateway", or name it with --url.`,
    ]);
  });

  it('is told apart from other servers', async () => {
    const gateway = await start((response) => response.end('<html>'));
    const { code, faults } = await gateway.run(['list']);
    expect(code).toBe(1);
    expect(faults.join()).toContain('is no gateway of Podkeeper');
  });

  it('is told that it speaks no TLS', async () => {
    const gateway = await start(json({}));
    const { faults } = await runSessions(['list', '--url', gateway.url.replace('http:', 'https:')], {});
    expect(faults.join()).toContain('speaks no TLS');
  });

  it.each([
    ['unauthenticated', 1, 'PODKEEPER_TOKEN or --token; "podkeeper token"'],
    ['forbidden', 1, '(403 forbidden)'],
    ['tenant_limit', 3, 'MAX_SESSIONS_PER_TENANT. Try again in 7 s.'],
    ['orchestrator_unavailable', 3, 'npm run worker:sessions'],
    ['class_mismatch', 1, 'Leave --class out'],
    ['image_error', 1, "Mend the class's image"],
  ] as const)('is repeated in one line with what to do: %s', async (code, exitCode, message) => {
    const gateway = await start(refusal(code, code === 'tenant_limit' ? { retryAfterSeconds: 7 } : {}));
    const { code: ended, faults, stdout } = await gateway.run(['exec', 'a', '--wait', '0s']);
    expect({ ended, stdout, lines: faults.length }).toEqual({ ended: exitCode, stdout: '', lines: 1 });
    expect(faults[0]).toContain(message);
  });

  it('can not have its words steer the terminal', async () => {
    const gateway = await start(refusal('start_crash', { detail: 'bad\u001b[2J\nnews' }));
    expect((await gateway.run(['exec', 'a'])).faults).toEqual([expect.stringMatching(/^bad news\. \(502/)]);
  });
});

describe('the address and the token', () => {
  it.each([
    ['gateway:8443', 'has to begin with http:// or https://'],
    ['not an address', 'is none'],
    ['http://user:pass@localhost', 'may not hold a user name'],
    ['http://localhost/api', 'has to be without a path'],
  ])('%s is refused', async (url, message) => {
    const { code, faults } = await runSessions(['list', '--url', url], {});
    expect(code).toBe(2);
    expect(faults.join()).toContain(message);
    expect(faults.join()).not.toContain('pass@');
  });

  it('the token is sent, and never shown', async () => {
    const gateway = await start(refusal('unauthenticated'));
    const { faults, stdout } = await gateway.run(['list', '--token', token]);
    expect(gateway.seen[0]?.headers.authorization).toBe(`Bearer ${token}`);
    expect(faults.join() + stdout).not.toContain(token);
  });

  it('a token with white space in it is refused without being shown', async () => {
    const { code, faults } = await runSessions(['list'], { PODKEEPER_TOKEN: `${token}\nmore` });
    expect(code).toBe(2);
    expect(faults.join()).toContain('The token has white space');
    expect(faults.join()).not.toContain(token);
  });

  it('none is sent when there is none: a gateway for this machine alone may need none', async () => {
    const gateway = await start(json({ sessions: [], cursor: null }));
    expect((await runSessions(['list', '--url', gateway.url], {})).code).toBe(0);
    expect(gateway.seen[0]?.headers.authorization).toBeUndefined();
  });
});
