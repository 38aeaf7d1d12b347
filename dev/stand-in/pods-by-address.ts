import type { Socket } from 'node:net';
import { isSimulatedAddress } from '../environment/simulated/addresses.ts';
import type { PodObject } from './pod-object.ts';
import { createSimulatedPod, type SimulatedPod } from './simulated-pod.ts';

/** The pods that can be reached now, by their addresses. */
export interface PodsByAddress {
  /** Takes a pod as the watch shows it: it serves while it is Running and not being deleted. */
  readonly put: (pod: PodObject) => void;
  readonly remove: (uid: string) => void;
  /** Removes all but these: after a new list. */
  readonly keepOnly: (uids: ReadonlySet<string>) => void;
  /** Hands a connection to the pod of the address it was made to; cuts it when there is none. */
  readonly take: (socket: Socket) => void;
}

/** `exit` is what a pod's POST /exit leads to. */
export function createPodsByAddress(exit: (pod: PodObject, code: number) => void): PodsByAddress {
  const addresses = new Map<string, string>();
  // Made at the first connection: most pods of a large test get none.
  const serving = new Map<string, { readonly pod: PodObject; made: Promise<SimulatedPod> | null }>();

  const remove = (uid: string) => {
    const entry = serving.get(uid);
    if (entry === undefined) return;
    serving.delete(uid);
    const address = entry.pod.status?.podIP ?? '';
    // The address may be another pod's already.
    if (addresses.get(address) === uid) addresses.delete(address);
    void entry.made?.then(
      ({ close }) => close(),
      // It never served: there is nothing to cut.
      () => undefined,
    );
  };

  const put = (pod: PodObject) => {
    const { uid, deletionTimestamp } = pod.metadata;
    const { phase, podIP = '' } = pod.status ?? {};
    if (deletionTimestamp !== undefined || phase !== 'Running' || !isSimulatedAddress(podIP)) {
      remove(uid);
      return;
    }
    const before = addresses.get(podIP);
    if (before === uid) return;
    if (before !== undefined) remove(before);
    addresses.set(podIP, uid);
    serving.set(uid, { pod, made: null });
  };

  const take = (socket: Socket) => {
    const uid = addresses.get(socket.localAddress ?? '');
    const entry = uid === undefined ? undefined : serving.get(uid);
    if (uid === undefined || entry === undefined) {
      socket.destroy();
      return;
    }
    entry.made ??= createSimulatedPod(entry.pod, (code) => exit(entry.pod, code));
    entry.made.then(
      (made) => {
        if (serving.get(uid) === entry) made.take(socket);
        else socket.destroy();
      },
      // Not a session pod: nobody listens there.
      () => socket.destroy(),
    );
  };

  return {
    put,
    remove,
    keepOnly: (uids) => {
      for (const uid of [...serving.keys()]) if (!uids.has(uid)) remove(uid);
    },
    take,
  };
}
