import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../../http/problems/problem.ts';
import type { Route, RouteTable } from '../../routes/route-table.ts';
import type { ReachedSession, ReachSession } from '../../session/reach-session.ts';
import type { SessionTarget } from '../../session/session-target.ts';
import { ConnectFailedError, UnprovablePodError, type Upstream, WrongPodError } from '../../upstream/upstream.ts';

export interface PodConnectors {
  readonly reach: ReachSession;
  readonly upstream: Pick<Upstream, 'connect'>;
  readonly routes: Pick<RouteTable, 'drop'>;
}

export interface PodConnection {
  readonly reached: ReachedSession;
  /** Proven, and for nobody else. */
  readonly socket: Socket;
}

/** Between two tries; the longer one from the second on, and jittered. */
const pauseMs = { least: 50, most: 500 } as const;

/**
 * A lease on the session's pod and a connection to it; tries again until the deadline when there is none, or what is
 * there is another. Throws a Problem, or the signal's reason. The lease is then released.
 */
export async function connectPod(
  { reach, upstream, routes }: PodConnectors,
  options: { readonly target: SessionTarget; readonly deadlineMs: number; readonly signal: AbortSignal },
): Promise<PodConnection> {
  const { target, deadlineMs, signal } = options;
  let suspect: Route | undefined;
  for (let tries = 1; ; tries += 1) {
    const reached = await reach(target, { deadlineMs, signal, ...(suspect !== undefined && { suspect }) });
    const { route, lease } = reached;
    try {
      const socket = await upstream.connect(route, signal);
      // Whoever takes the socket over listens too; before that an error of it must not be thrown.
      socket.on('error', () => socket.destroy());
      return { reached, socket };
    } catch (error) {
      lease.release();
      const isWrong = error instanceof WrongPodError;
      if (!isWrong && !(error instanceof ConnectFailedError)) throw error;
      if (isWrong) routes.drop(route);
      suspect = error instanceof UnprovablePodError ? undefined : route;
      const waitMs = Math.min(pauseMs.most, pauseMs.least * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
      if (performance.now() + waitMs >= deadlineMs)
        throw new Problem(isWrong ? 'wrong_pod' : 'connect_failed', { cause: error });
      await sleep(waitMs, undefined, { signal });
    }
  }
}
