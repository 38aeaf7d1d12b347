import type { KubernetesAccess } from '../../../dev/environment/servers/kubernetes-access.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../helpers/seeded-random.ts';

export const namespace = 'churn';

const commands: Readonly<Record<string, readonly string[]>> = {
  steady: ['sleep', '1000'],
  crash: ['sh', '-c', 'sleep 1; exit 3'],
  memory: ['sh', '-c', 'tail /dev/zero'],
};

/** A pod of the real node (by what its container does) or of the simulated one. */
function churnPod(name: string, kind: string): object {
  const real = kind in commands;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { kind } },
    spec: {
      terminationGracePeriodSeconds: 1,
      dnsPolicy: 'Default',
      automountServiceAccountToken: false,
      tolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists' }],
      nodeSelector: real ? { 'kubernetes.io/hostname': 'real-1' } : { type: 'kwok' },
      containers: [
        {
          name: 'app',
          image: 'local.test/busybox:1',
          imagePullPolicy: 'Never',
          command: commands[kind] ?? ['sleep', '1000'],
          resources: { limits: { memory: '16Mi' } },
        },
      ],
    },
  };
}

/** A call that goes on until the API server, which may be dead right now, has answered with one of `accepted`. */
export async function insist(
  access: KubernetesAccess,
  call: { readonly path: string; readonly method: string; readonly body?: object },
  accepted: readonly number[],
): Promise<void> {
  for (let attempt = 0; attempt < 240; attempt += 1) {
    const status = await access.call(call).then(
      (answer) => answer.status,
      () => 0,
    );
    if (accepted.includes(status)) return;
    await sleep(250);
  }
  throw new Error(`${call.method} ${call.path} was not answered with ${accepted.join(' or ')} within a minute`);
}

const pods = `/api/v1/namespaces/${namespace}/pods`;

export async function createPod(access: KubernetesAccess, name: string, kind: string): Promise<void> {
  // 409: the one whose answer a killed server did not send. Names are never used twice here.
  await insist(access, { path: pods, method: 'POST', body: churnPod(name, kind) }, [201, 409]);
}

export async function deletePod(access: KubernetesAccess, name: string): Promise<void> {
  await insist(access, { path: `${pods}/${name}`, method: 'DELETE' }, [200, 202, 404]);
}

/** Creates `count` pods over `seconds`, each of which lives 4 to 12 s. Resolves when the last one's delete was taken. */
export async function churn(options: {
  readonly access: KubernetesAccess;
  readonly random: SeededRandom;
  readonly prefix: string;
  readonly count: number;
  readonly seconds: number;
  readonly kinds: readonly string[];
}): Promise<void> {
  const { access, random, prefix, count, seconds, kinds } = options;
  const lives: Promise<void>[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = `${prefix}-${index}`;
    const kind = random.pick(kinds);
    const lifeMs = random.between(4000, 12_000);
    const live = async (): Promise<void> => {
      await createPod(access, name, kind);
      await sleep(lifeMs);
      await deletePod(access, name);
    };
    lives.push(live());
    await sleep((seconds * 1000) / count);
  }
  await Promise.all(lives);
}
