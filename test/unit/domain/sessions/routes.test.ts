import { describe, expect, it } from '@jest/globals';
import { readSessionPod } from '../../../../domain/sessions/routes/read-session-pod.ts';

const pod = (parts: { readonly spec?: object; readonly owner?: string; readonly phase?: string } = {}) => ({
  metadata: {
    uid: 'u1',
    name: `s-${'a'.repeat(26)}-7`,
    namespace: 'sessions',
    resourceVersion: '10',
    labels: { 'podkeeper.dev/session': 'a'.repeat(26), 'podkeeper.dev/incarnation': '7' },
    annotations: { 'podkeeper.dev/ready': '7', 'podkeeper.dev/owner': parts.owner ?? 'k1.mac' },
  },
  spec: parts.spec ?? { containers: [{ ports: [{ name: 'http', containerPort: 8080 }] }] },
  status: { phase: parts.phase ?? 'Running', podIP: '10.0.0.9' },
});

describe('the port of a session pod', () => {
  it('is its own container port named http, in whichever container', () => {
    const spec = {
      containers: [
        { name: 'sidecar', ports: [{ name: 'admin', containerPort: 1 }, { containerPort: 2 }] },
        { name: 'session', ports: [{ name: 'http', containerPort: 9000 }] },
      ],
    };
    expect(readSessionPod(pod({ spec }))?.port).toBe(9000);
  });

  it.each([{}, { containers: 'x' }, { containers: [{ ports: [{ name: 'http', containerPort: '80' }] }] }])(
    'is 0 in %j',
    (spec) => {
      expect(readSessionPod(pod({ spec }))?.port).toBe(0);
    },
  );
});

it.each([
  ['k1.mac', 'k1'],
  ['k1.m.a', 'k1'],
  ['mac', ''],
  ['', ''],
])('the kid of the owner annotation %j is %j', (owner, kid) => {
  expect(readSessionPod(pod({ owner }))).toMatchObject({ owner, kid });
});

it.each([
  ['Pending', false],
  ['Running', false],
  ['Succeeded', true],
  ['Failed', true],
])('a pod that is %s has ended: %j', (phase, ended) => {
  expect(readSessionPod(pod({ phase }))?.ended).toBe(ended);
});
