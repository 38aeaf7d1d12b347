import { randomBytes } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { sessionImage } from '../../../dev/environment/node/image/session-image.ts';
import { claimText } from '../../../domain/sessions/handshake/handshake-texts.ts';
import { sessionPod } from '../../../domain/sessions/pod/session-pod.ts';
import type { SessionClass } from '../../../domain/sessions/session-class.ts';
import { mac } from '../../../platform/sessions/signing-keys.ts';
import { sharedEnvironment } from '../../helpers/environment.ts';
import { connectTo, randomKey } from './pod-connection.ts';
import { coreApi, runPod } from './pods.ts';

jest.setTimeout(120_000);

const environment = await sharedEnvironment();
// Simulated nodes run nothing; CI does not let a skipped test pass.
const onRealNode = environment.state.node === 'real' ? it : it.skip;
if (environment.state.node !== 'real')
  console.error(`No tests of session pods: ${environment.state.reason ?? 'asked so'}`);

const small: SessionClass = {
  name: 'small',
  image: sessionImage,
  port: 8080,
  resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
  env: { SESSION_TESTS: '1' },
  probePath: '/healthz',
  idleTimeoutSeconds: 60,
  maxLifetimeSeconds: 300,
  holdSeconds: 30,
  drainSeconds: 5,
  bodyLimitBytes: 1_048_576,
  identity: 'native',
  openSocketIsActive: true,
  busyPath: null,
  nodeSelector: {},
  tolerations: [],
};

describe('a session pod on the real node', () => {
  onRealNode('becomes Ready, proves who it is and serves, as non-root with a root it can not write to', async () => {
    const api = coreApi(environment.kubeconfig());
    const key = randomKey();
    const podKey = randomBytes(32).toString('base64url');
    const pod = sessionPod({
      namespace: 'default',
      key,
      incarnation: 7,
      sessionId: 'alice-1',
      tenantHash: 'h',
      ownerHash: 'o',
      tenant: '',
      class: small,
      owner: 'k1.mac',
      podKey,
    });
    const { name } = pod.metadata;
    const ready = await runPod({
      api,
      pod,
      condition: (status) => status.ready,
      seconds: 90,
    });
    try {
      expect(ready.spec?.nodeName).toBe('real-1');
      const connection = connectTo(ready.status?.podIP ?? '', small.port);
      const { nonce, ...proof } = await connection.prove(podKey);
      const claim = { podUid: ready.metadata?.uid ?? '', sessionKey: key, incarnation: 7 };
      expect(proof).toEqual({
        status: 200,
        body: { ...claim, mac: mac(podKey, claimText(nonce, claim)) },
      });
      expect(await connection.ask('/execute', { body: { say: 'hello' } })).toEqual({
        status: 200,
        body: {
          sessionId: 'alice-1',
          incarnation: 7,
          count: 1,
          echo: { say: 'hello' },
          pod: { sessionKey: key, incarnation: 7, podUid: claim.podUid },
        },
      });
      expect((await connection.ask('/process')).body).toEqual({ uid: 65_532, gid: 65_532, rootIsReadOnly: true });
      connection.close();
      const stranger = connectTo(ready.status?.podIP ?? '', small.port);
      expect((await stranger.ask('/state')).status).toBe(421);
      stranger.close();
      const log = await api.readNamespacedPodLog({ namespace: 'default', name });
      expect(log).toContain('"path":"/execute"');
      expect(log).not.toContain('alice');
    } finally {
      await api.deleteNamespacedPod({ namespace: 'default', name });
    }
  });
});
