import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { addSessionsCommands } from '../../../cli/sessions.ts';
import { addTokenCommand } from '../../../cli/token.ts';
import { sharedEnvironment } from '../../helpers/environment.ts';
import { runCommand } from '../../helpers/run-command.ts';
import { type SessionRig, startSessionRig } from '../../helpers/sessions/rig/session-rig.ts';

jest.setTimeout(120_000);

const environment = await sharedEnvironment();
const secret = 'a secret of thirty-two bytes or more';

/** The command against a gateway, a session worker, Temporal, Redis and an API server as they are. */
describe('podkeeper sessions, with a real gateway', () => {
  let rig: SessionRig;
  beforeAll(async () => {
    rig = await startSessionRig(environment, {
      node: 'simulated',
      gateways: 1,
      env: { AUTH_TOKEN_SECRET: secret, SESSION_TENANT_CLAIM: 'tenant' },
    });
  });
  afterAll(() => rig.close());

  const tokenOf = async (...args: readonly string[]) => {
    const add: Parameters<typeof runCommand>[0] = (program, open) =>
      addTokenCommand(program, open, { AUTH_TOKEN_SECRET: secret });
    const { stdout } = await runCommand(add, ['token', '--claim', 'tenant=blue', ...args]);
    return stdout.trim();
  };
  const sessions = (token: string, ...args: readonly string[]) =>
    runCommand(
      (program, open) =>
        addSessionsCommands(program, open, { PODKEEPER_GATEWAY_URL: rig.origin(0), PODKEEPER_TOKEN: token }),
      ['sessions', ...args],
      { now: () => new Date() },
    );

  it('starts a session, uses it, shows it, keeps it and ends it', async () => {
    const ann = await tokenOf('--sessions', '--subject', 'ann');
    const first = await sessions(ann, 'exec', 'one', '{"say": "hello"}');
    expect(first.code).toBe(0);
    expect(first.faults.join()).toContain('a pod was made for it; 200 after');
    expect(JSON.parse(first.stdout)).toMatchObject({ count: 1, echo: { say: 'hello' } });

    const second = await sessions(ann, 'exec', 'one', '-o', 'json');
    expect(JSON.parse(second.stdout)).toMatchObject({ start: 'existing', status: 200, body: { count: 2 } });

    const shown = await sessions(ann, 'show', 'one');
    expect(shown.stdout).toMatch(/^Session one \(class default, .* old\) is Ready\.\nWhy it is alive: /);
    const [, key = ''] = /Key: ([a-z2-7]{26})/.exec(shown.stdout) ?? [];

    const kept = await sessions(ann, 'extend', 'one', '2m');
    expect(kept.stdout).toMatch(/^Session one is kept until .* \(\d+ s\)\.\n$/);
    expect((await sessions(ann, 'show', 'one')).stdout).toContain('Somebody asked to keep it until');

    const bob = await tokenOf('--sessions', '--subject', 'bob');
    expect(await sessions(bob, 'show', 'one')).toMatchObject({ code: 1, stdout: '' });
    expect((await sessions(bob, 'list', '--all')).faults.join()).toContain('(403 forbidden)');

    const admin = await tokenOf('--scope', 'sessions:admin');
    expect((await sessions(admin, 'show', '--key', key, '-o', 'json')).stdout).toContain('"sessionId":"one"');
    expect((await sessions(admin, 'end', '--key', key, '--force')).code).toBe(0);
  });

  it("lists one's own, and everybody's for administrators", async () => {
    const ann = await tokenOf('--sessions', '--subject', 'ann');
    const admin = await tokenOf('--scope', 'sessions:admin');
    await sessions(ann, 'exec', 'listed');
    // Lists come from visibility, which lags.
    for (let tries = 0; !(await sessions(ann, 'list')).stdout.includes('listed'); tries += 1) {
      expect(tries).toBeLessThan(100);
    }
    expect((await sessions(admin, 'list')).stdout).toBe('');
    expect((await sessions(admin, 'list', '--all')).stdout).toMatch(/listed .*blue/);
    await sessions(ann, 'end', 'listed', '--force');
  });

  it('is told what is wrong', async () => {
    const ann = await tokenOf('--sessions', '--subject', 'ann');
    const unknown = await sessions(ann, 'exec', 'two', '{}', '--class', 'nonsense');
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.faults.join()).toContain('There is no class "nonsense"');
    expect((await sessions('', 'list')).faults.join()).toContain('(401 unauthenticated)');
    expect((await sessions(ann, 'end', 'never-was')).faults.join()).toContain('(404 not_found)');
  });
});
