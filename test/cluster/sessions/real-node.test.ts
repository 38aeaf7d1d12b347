import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sharedEnvironment } from '../../helpers/environment.ts';
import type { SessionClient } from '../../helpers/sessions/rig/client/session-client.ts';
import { type SessionRig, startSessionRig } from '../../helpers/sessions/rig/session-rig.ts';

jest.setTimeout(120_000);

const environment = await sharedEnvironment();
// Simulated nodes run nothing; CI does not let a skipped test pass.
const onRealNode = environment.state.node === 'real' ? describe : describe.skip;
if (environment.state.node !== 'real')
  console.error(`No sessions on a real node: ${environment.state.reason ?? 'asked so'}`);

const idleTimeoutSeconds = 6;

onRealNode('sessions on a real node', () => {
  let rig: SessionRig;
  let alice: SessionClient;
  beforeAll(async () => {
    rig = await startSessionRig(environment, {
      node: 'real',
      class: { idleTimeoutSeconds },
      classes: {
        nowhere: { nodeSelector: { nobody: 'has' } },
        'no-image': { image: 'local.test/nowhere:1' },
        'little-memory': {
          resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { cpu: '500m', memory: '96Mi' } },
        },
      },
      env: { POD_CREATION_TIMEOUT: '5' },
    });
    alice = await rig.client({ owner: 'alice' });
  });
  afterAll(() => rig?.close());

  it('makes a pod for the first request, and has it answer the later ones through every gateway', async () => {
    const first = await alice.execute('alice-1', { say: 'hello' });
    expect(first).toMatchObject({
      status: 200,
      start: 'cold',
      json: { sessionId: 'alice-1', count: 1, echo: { say: 'hello' } },
    });
    const second = await alice.at(1).execute('alice-1', { say: 'again' });
    expect(second).toMatchObject({ status: 200, start: 'existing', json: { count: 2 } });
    expect(second.row.pod).toEqual(first.row.pod);
    await sleep(0);
  });
});
