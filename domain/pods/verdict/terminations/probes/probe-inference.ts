import type { ProbeSnapshot } from '../../../snapshot/pod-snapshot.ts';
import { graceOf } from '../../context/deletion.ts';
import { eventsOf } from '../../context/events.ts';
import { findNodeOom, findNodeTrouble } from '../../context/node.ts';
import type { End } from '../end.ts';
import type { ProbeKind } from './probe-events.ts';

/**
 * The probe that may have killed the container, judged by the Pod alone: it has that probe, ended with 137 or 143, ran at
 * least until the probe could give up, is restarted in place, and nothing else was going on. Never more than possible.
 */
export function inferProbe(input: End): ProbeKind | undefined {
  const { view, end } = input;
  const { exitCode } = end.record;
  if (end.where !== 'lastState' || (exitCode !== 137 && exitCode !== 143)) return undefined;
  if (end.startedAt === undefined || end.finishedAt === undefined) return undefined;
  if (!wasRestartedInPlace(input) || hasOtherReason(input)) return undefined;
  const ranSeconds = (end.finishedAt - end.startedAt) / 1000;
  const { startup, liveness } = view.spec;
  const pastStartup = startup === undefined ? -1 : ranSeconds - windowOf(startup);
  const startupGrace = startup === undefined ? 0 : grace(input, startup);
  if (pastStartup >= 0 && pastStartup <= startupGrace) return 'startup';
  if (liveness !== undefined && ranSeconds >= windowOf(liveness)) return 'liveness';
  // A kill takes a few seconds more than the grace period; seen on a real kubelet.
  return pastStartup >= 0 && pastStartup <= startupGrace + input.context.windows.slackSeconds ? 'startup' : undefined;
}

/** Seconds until a probe that never succeeds gives up: `initialDelaySeconds + failureThreshold × periodSeconds`. */
export function windowOf({ initialDelaySeconds, failureThreshold, periodSeconds }: ProbeSnapshot): number {
  return initialDelaySeconds + failureThreshold * periodSeconds;
}

function grace({ context }: End, probe: ProbeSnapshot): number {
  return probe.terminationGracePeriodSeconds ?? graceOf(context.snapshot);
}

function wasRestartedInPlace({ context, view, end }: End): boolean {
  // In CrashLoopBackOff the next start is on its way; a restart is only counted when it happens.
  const nextAt = view.waitingReason === 'CrashLoopBackOff' ? context.now : end.nextStartAt;
  if (nextAt === undefined || end.finishedAt === undefined || view.restarts === 0) return false;
  const gap = nextAt - end.finishedAt;
  return gap >= 0 && gap <= context.windows.recentSeconds * 1000;
}

function hasOtherReason({ context, view, end }: End): boolean {
  const { deletion, disruption, lostNode, events, evidence, windows } = context;
  if (deletion !== undefined || disruption !== undefined || lostNode !== undefined) return true;
  if (view.waitingReason === 'PostStartHookError') return true;
  if (eventsOf(events, ['FailedPostStartHook'], view.name).length > 0) return true;
  const at = end.finishedAt ?? context.now;
  if (findNodeOom(events, at, windows.nodeNearSeconds).length > 0) return true;
  return findNodeTrouble({ events, node: evidence.node }, at, windows.nodeNearSeconds).length > 0;
}
