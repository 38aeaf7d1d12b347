import type { SessionClass } from '../../../../domain/sessions/session-class.ts';
import type { Logger } from '../../../../platform/logger.ts';
import type { LeaseHolder } from '../../leases/lease-holder.ts';
import type { ReachedSession } from '../../session/reach-session.ts';
import type { TunnelTimes } from '../tunnel-times.ts';
import { createTunnel, goingAway, type Tunnel, type TunnelEnd } from './tunnel.ts';
import { type Activity, limitActivity, reportActivity } from './watch-activity.ts';

export interface TunnelRun {
  readonly client: TunnelEnd;
  readonly pod: TunnelEnd;
  readonly extensions: boolean;
  readonly reached: ReachedSession;
  readonly class: Pick<SessionClass, 'openSocketIsActive' | 'idleTimeoutSeconds'>;
  readonly leases: Pick<LeaseHolder, 'take'>;
  /** Milliseconds since 1970; undefined when the WebSocket may outlive its token. */
  readonly expiresAtMs: number | undefined;
  readonly times: TunnelTimes;
  readonly logger: Logger;
  /** Cuts it. */
  readonly signal: AbortSignal;
}

const maxMessageBytes = 16 * 1024 * 1024;
/** The token does not allow it any more. https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const policyViolation = 1008;
const longestTimerMs = 86_400_000;

/** Begins to carry a WebSocket, with all that may end it. Its lease is released when it no longer needs it, at the latest when it is closed. */
export function runTunnel(run: TunnelRun): Tunnel {
  const { client, pod, extensions, reached, expiresAtMs, times, signal } = run;
  const { lease } = reached;
  const endFor = (reason: string) => tunnel.end({ client: goingAway, pod: goingAway, reason });
  const activity = watchActivity(run, endFor);
  const tunnel = createTunnel({
    client,
    pod,
    extensions,
    maxMessageBytes,
    closeWaitMs: times.closeWaitMs,
    onData: activity.seen,
  });
  const onEnding = () => endFor('the session is ending');
  const expire = () => tunnel.end({ client: policyViolation, pod: goingAway, reason: 'the token has expired' });
  const stopExpiry = expiresAtMs === undefined ? undefined : callAt(expiresAtMs, expire);
  // That the client is gone is also seen by the tunnel, which then tells the pod.
  const onAbort = () => {
    if (!client.socket.destroyed) tunnel.cut();
  };
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  if (run.class.openSocketIsActive) {
    lease.ending.addEventListener('abort', onEnding);
    if (lease.ending.aborted) onEnding();
  } else lease.release();
  const closed = tunnel.closed.finally(() => {
    stopExpiry?.();
    activity.stop();
    signal.removeEventListener('abort', onAbort);
    lease.ending.removeEventListener('abort', onEnding);
    lease.release();
  });
  return { ...tunnel, closed };
}

/** Calls at a time by the clock of the system; a timer of Node lasts 24 days at most. Answers what calls it off. */
function callAt(atMs: number, call: () => void): () => void {
  const look = (): void => {
    const leftMs = atMs - Date.now();
    if (leftMs <= 0) call();
    else timer = setTimeout(look, Math.min(leftMs, longestTimerMs)).unref();
  };
  let timer = setTimeout(look, 0).unref();
  return () => clearTimeout(timer);
}

function watchActivity({ reached, leases, times, logger, ...run }: TunnelRun, end: (reason: string) => void): Activity {
  if (run.class.openSocketIsActive) return limitActivity(end, times);
  const touch = async (): Promise<void> => {
    try {
      const taken = await leases.take(reached.route, run.class.idleTimeoutSeconds);
      if (taken.state === 'held') taken.lease.release();
      // A session Redis has lost is not one that ends.
      else if (taken.state !== 'missing') end('the session is ending');
    } catch (error) {
      logger.warn({ err: error, podUid: reached.route.podUid }, 'activity of a WebSocket could not be reported');
    }
  };
  return reportActivity(() => void touch(), times.touchMs);
}
