import type { Socket } from 'node:net';
import { createSessionServer } from '../../deploy/docker/session-pod/server.mjs';
import { readSettings } from '../../deploy/docker/session-pod/settings.mjs';
import { openState } from '../../deploy/docker/session-pod/state.mjs';
import type { PodObject } from './pod-object.ts';

/** Serves as one pod on connections that were made to its address. */
export interface SimulatedPod {
  readonly uid: string;
  readonly take: (socket: Socket) => void;
  /** Cuts all its connections: the pod is gone. */
  readonly close: () => void;
}

/**
 * The program of session pods (deploy/docker/session-pod) as it would run in this pod: with the variables of its container and
 * its UID, its state in memory. Throws when the variables are not those of a session pod.
 */
export async function createSimulatedPod(pod: PodObject, exit: (code: number) => void): Promise<SimulatedPod> {
  const given = (pod.spec.containers[0]?.env ?? []).map(({ name, value }) => [name, value] as const);
  const { uid } = pod.metadata;
  const env: Record<string, string | undefined> = { ...Object.fromEntries(given), POD_UID: uid };
  const settings = { ...readSettings(env), stateFile: null, exit };
  const { server } = createSessionServer({ settings, state: await openState(settings) });
  const sockets = new Set<Socket>();
  return {
    uid,
    take: (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      // Documented by Node: a connection may be handed to a server that doesn't listen itself.
      server.emit('connection', socket);
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
