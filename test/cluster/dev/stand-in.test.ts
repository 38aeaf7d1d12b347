import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { sessionPod } from '../../../domain/sessions/pod/session-pod.ts';
import { claimText } from '../../../domain/sessions/handshake/handshake-texts.ts';
import { mac } from '../../../platform/sessions/signing-keys.ts';
import type { TestEnvironment } from '../../helpers/environment.ts';
import { withEnvironment } from '../../helpers/environment.ts';
import { simulatedClass } from '../../helpers/sessions/rig/classes.ts';
import { connectTo, randomKey } from './pod-connection.ts';
import { coreApi, runPod } from './pods.ts';

jest.setTimeout(120_000);

const simulated = { temporal: false, redis: false, kubernetes: 'simulated', simulatedNodes: 1 } as const;

/** Makes session pods and waits until the stand-in can be reached at them. */
function podsOf(environment: TestEnvironment) {
  const api = coreApi(environment.kubeconfig());
  const port = environment.state.standIn!.port;
  const start = async () => {
    const key = randomKey();
    const podKey = randomBytes(32).toString('base64url');
    const incarnation = Date.now();
    const manifest = sessionPod({
      namespace: 'default',
      key,
      incarnation,
      sessionId: `id-${key}`,
      tenantHash: 'h',
      ownerHash: 'o',
      tenant: '',
      class: simulatedClass(port),
      owner: 'k1.mac',
      podKey,
    });
    const pod = await runPod({ api, pod: manifest, condition: ({ ready }) => ready });
    const [address, uid] = [pod.status?.podIP ?? '', pod.metadata?.uid ?? ''];
    for (let tries = 0; tries < 100; tries++) {
      if (await isServing(address, port)) break;
      await sleep(50);
    }
    const { name } = manifest.metadata;
    const remove = () => api.deleteNamespacedPod({ namespace: 'default', name });
    const look = (): Promise<V1Pod> => api.readNamespacedPod({ namespace: 'default', name });
    return { key, podKey, incarnation, address, uid, port, remove, look };
  };
  return { start, port };
}

type StartedPod = Awaited<ReturnType<ReturnType<typeof podsOf>['start']>>;

async function isServing(address: string, port: number): Promise<boolean> {
  const connection = connectTo(address, port);
  const answered = await connection.ask('/healthz').then(
    ({ status }) => status === 200,
    () => false,
  );
  connection.close();
  return answered;
}

/** Proves the pod on a new connection and checks each part of the proof; returns the connection. */
async function expectProof(pod: StartedPod, headers: Record<string, string> = {}) {
  const connection = connectTo(pod.address, pod.port);
  const { nonce, status, body } = await connection.prove(pod.podKey, headers);
  const claim = { podUid: pod.uid, sessionKey: pod.key, incarnation: pod.incarnation };
  expect({ status, body }).toEqual({ status: 200, body: { ...claim, mac: mac(pod.podKey, claimText(nonce, claim)) } });
  return connection;
}

describe('the stand-in', () => {
  it('is each simulated session pod by the address that was connected to, and nobody after the pod is gone', async () => {
    await withEnvironment(simulated, async (environment) => {
      const { start, port } = podsOf(environment);
      const pods = await Promise.all(Array.from({ length: 20 }, start));
      expect(new Set(pods.map(({ address }) => address)).size).toBe(20);
      const [one, other] = [pods[0]!, pods[1]!];
      for (const pod of pods) {
        // What a request says about where it wants to go changes nothing.
        const lies = { host: `${one.address}:${port}`, 'x-podkeeper-session': one.key };
        const connection = await expectProof(pod, lies);
        const { body } = await connection.ask('/execute', { headers: { 'x-request-id': `r-${pod.key}` }, body: 1 });
        expect(body).toMatchObject({
          sessionId: `id-${pod.key}`,
          count: 1,
          pod: { sessionKey: pod.key, incarnation: pod.incarnation, podUid: pod.uid },
        });
        connection.close();
      }
      const stranger = connectTo(other.address, port);
      expect((await stranger.prove(one.podKey)).status).toBe(401);
      expect((await stranger.ask('/state')).status).toBe(421);
      stranger.close();

      const open = await expectProof(one);
      const held = open.ask('/slow?ms=60000');
      await one.remove();
      await expect(held).rejects.toMatchObject({ code: 'ECONNRESET' });
      expect(await isServing(one.address, port)).toBe(false);
      expect(await isServing('127.0.0.1', port)).toBe(false);
      const kept = await expectProof(other);
      expect(await kept.ask('/state')).toMatchObject({ body: { sessionId: `id-${other.key}`, count: 1 } });
      kept.close();

      // kwok gives a free address again, here that of the pod that is gone.
      const next = await start();
      expect(next.address).toBe(one.address);
      (await expectProof(next)).close();

      const log = await readFile(environment.state.standIn!.log, 'utf8');
      const lines = log.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as object] : []));
      expect(lines).toContainEqual(
        expect.objectContaining({
          event: 'request',
          path: '/execute',
          requestId: `r-${other.key}`,
          sessionKey: other.key,
          incarnation: other.incarnation,
          podUid: other.uid,
          begin: expect.any(Number),
          end: expect.any(Number),
          bytes: expect.any(Number),
        }),
      );
    });
  });

  it('serves on while the API server is away, and fails a pod that is told to exit', async () => {
    await withEnvironment(simulated, async (environment) => {
      const { start } = podsOf(environment);
      const pod = await start();
      await environment.kill('kube-apiserver');
      const connection = await expectProof(pod);
      await environment.start('kube-apiserver');
      await connection.ask('/exit?code=3', { body: '' });
      for (let tries = 0; tries < 100 && (await pod.look()).status?.phase !== 'Failed'; tries++) await sleep(100);
      const { status } = await pod.look();
      expect(status?.phase).toBe('Failed');
      expect(status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(3);
      for (let tries = 0; tries < 100 && (await isServing(pod.address, pod.port)); tries++) await sleep(100);
      expect(await isServing(pod.address, pod.port)).toBe(false);
      connection.close();
      // A stand-in that was killed knows its pods again.
      const second = await start();
      await environment.restart('stand-in');
      (await expectProof(second)).close();
    });
  });
});
