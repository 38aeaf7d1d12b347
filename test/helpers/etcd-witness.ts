import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** One write of a pod as etcd has it: the truth, read past every API server and watch cache. */
export interface PodWrite {
  /** The resourceVersion the API server gives it. */
  readonly version: number;
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly deleted: boolean;
  /** The stored object; of a delete, the last one before it. Needs `--storage-media-type=application/json`. */
  readonly object: unknown;
}

export interface EtcdWitness {
  /** Every write of a pod in the namespace so far, in order. */
  writes(namespace: string): readonly PodWrite[];
  close(): void;
}

interface EtcdEvent {
  readonly type?: 'DELETE';
  readonly kv: { readonly mod_revision: string; readonly value?: string };
  readonly prev_kv?: { readonly value?: string };
}

interface StoredPod {
  readonly metadata: { readonly uid: string; readonly namespace: string; readonly name: string };
}

/** Watches the pods in the etcd of a local environment from its first revision on, over etcd's own HTTP gateway. */
export async function witnessPods(statePath: string): Promise<EtcdWitness> {
  const plan = JSON.parse(await readFile(join(dirname(statePath), 'plan.json'), 'utf8')) as {
    readonly ports: { readonly etcdClient: number };
  };
  const writes: PodWrite[] = [];
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const range = { key: base64('/registry/pods/'), range_end: base64('/registry/pods0') };
  const call = request({ port: plan.ports.etcdClient, path: '/v3/watch', method: 'POST', agent: false });
  call.end(JSON.stringify({ create_request: { ...range, start_revision: '1', prev_kv: true } }));
  await new Promise<void>((resolve, reject) => {
    call.once('error', reject);
    call.once('response', (response) => {
      response.on('error', () => undefined); // As above.
      const lines = createInterface({ input: response });
      lines.on('error', () => undefined);
      lines.on('line', (line) => {
        const { result } = JSON.parse(line) as { result: { events?: EtcdEvent[] } };
        for (const event of result.events ?? []) writes.push(podWrite(event));
        resolve();
      });
    });
  });
  call.on('error', () => undefined); // Closing it is the only way it ends.
  return {
    writes: (namespace) => writes.filter((write) => write.namespace === namespace),
    close: () => call.destroy(),
  };
}

function podWrite({ type, kv, prev_kv: before }: EtcdEvent): PodWrite {
  const deleted = type === 'DELETE';
  const stored = Buffer.from((deleted ? before?.value : kv.value) ?? '', 'base64').toString();
  const object = JSON.parse(stored) as StoredPod;
  const { uid, namespace, name } = object.metadata;
  return { version: Number(kv.mod_revision), uid, namespace, name, deleted, object };
}
