import type { HttpRig } from './http-rig.ts';

/** Does something while a pod worker runs: without one nobody answers for a run. */
export async function withPodWorker<T>(rig: HttpRig, act: () => Promise<T>): Promise<T> {
  const worker = await rig.servers.startPodWorker();
  try {
    return await act();
  } finally {
    await worker.stop();
  }
}
