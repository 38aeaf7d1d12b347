import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesAccess } from '../../../dev/environment/servers/kubernetes-access.ts';
import type { SeededRandom } from '../../helpers/seeded-random.ts';
import { namespace, podBody } from './cluster.ts';

const pods = `/api/v1/namespaces/${namespace}/pods`;
/** Few names, so that they come back under new UIDs. */
const names = Array.from({ length: 25 }, (_, index) => `pod-${index}`);

/** Creates, changes and deletes pods until it is stopped; a server that is away makes it pause, not fail. */
export function startChurn({ access, random }: { readonly access: KubernetesAccess; readonly random: SeededRandom }) {
  let stopped = false;
  const statusOf = (call: Promise<{ status: number; body: string }>) => call.catch(() => ({ status: 0, body: '' }));

  const worker = async () => {
    while (!stopped) {
      const name = random.pick(names);
      const action = random.pick(['create', 'create', 'change', 'delete']);
      const { status } =
        action === 'create'
          ? await statusOf(access.call({ path: pods, method: 'POST', body: podBody(name) }))
          : action === 'delete'
            ? await statusOf(access.call({ path: `${pods}/${name}?gracePeriodSeconds=0`, method: 'DELETE' }))
            : await change(name);
      await sleep(status === 0 ? 100 : random.between(1, 30));
    }
  };

  const change = async (name: string) => {
    const found = await statusOf(access.call({ path: `${pods}/${name}` }));
    if (found.status !== 200) return found;
    const object = JSON.parse(found.body) as { metadata: { labels?: Record<string, string> } };
    object.metadata.labels = { changed: String(Math.floor(random.between(0, 1e9))) };
    return statusOf(access.call({ path: `${pods}/${name}`, method: 'PUT', body: object }));
  };

  const workers = [worker(), worker(), worker()];
  return {
    async stop(): Promise<void> {
      stopped = true;
      await Promise.all(workers);
    },
  };
}

/** Writes one last pod and returns its version: everything before it can be compared. */
export async function writeLast(access: KubernetesAccess): Promise<{ readonly uid: string; readonly version: number }> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const answer = await access
      .call({ path: pods, method: 'POST', body: podBody(`last-${attempt}`) })
      .catch(() => ({ status: 0, body: '' }));
    if (answer.status === 201) {
      const { metadata } = JSON.parse(answer.body) as { metadata: { uid: string; resourceVersion: string } };
      return { uid: metadata.uid, version: Number(metadata.resourceVersion) };
    }
    await sleep(100);
  }
  throw new Error('The API server did not take the last pod within 30 s');
}
