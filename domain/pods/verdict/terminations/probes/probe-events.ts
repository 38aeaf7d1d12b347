import type { ProbeSnapshot } from '../../../snapshot/pod-snapshot.ts';
import { graceOf } from '../../context/deletion.ts';
import { eventEvidence, eventsOf, type IndexedEvent, newestEvent } from '../../context/events.ts';
import type { Confidence, Evidence } from '../../types.ts';
import type { End } from '../end.ts';

export type ProbeKind = 'liveness' | 'startup';

export interface ProbeProof {
  readonly kind: ProbeKind;
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
  /** What the probe said last. */
  readonly lastMessage: string | undefined;
}

const killingFor = /failed (liveness|startup) probe/;
const unhealthyFor = /^(Liveness|Startup|Readiness) probe (?:failed|errored)/;

/**
 * What Events say about a probe behind this end: `Killing` that names the probe, or `Unhealthy` as often as the
 * threshold asks, in the run that ended. Undefined when they say nothing.
 */
export function findProbeProof(input: End): ProbeProof | undefined {
  const { context, view } = input;
  if (context.events.size === 0) return undefined;
  const unhealthy = eventsOf(context.events, ['Unhealthy'], view.name);
  const killing = eventsOf(context.events, ['Killing'], view.name).find(
    (entry) => killingFor.test(entry.message) && belongsTo(input, entry),
  );
  if (killing !== undefined) {
    const kind = killingFor.exec(killing.message)?.[1] === 'startup' ? 'startup' : 'liveness';
    const last = newestEvent(unhealthy.filter((entry) => kindOf(entry) === kind));
    const evidence = [killing, last].filter((entry) => entry !== undefined).map(eventEvidence);
    return { kind, confidence: isDated(input, killing) ? 'confirmed' : 'likely', evidence, lastMessage: last?.message };
  }
  for (const kind of ['startup', 'liveness'] as const) {
    const probe = view.spec[kind];
    const failures = unhealthy.filter((entry) => kindOf(entry) === kind && belongsTo(input, entry, probe));
    const seen = failures.reduce((sum, { event }) => sum + (event.count ?? 1), 0);
    const last = newestEvent(failures);
    if (last === undefined || probe === undefined || seen < probe.failureThreshold) continue;
    return { kind, confidence: 'likely', evidence: [eventEvidence(last)], lastMessage: last.message };
  }
  return undefined;
}

/** The probe an `Unhealthy` Event is about. */
export function kindOf({ message }: IndexedEvent): ProbeKind | 'readiness' | undefined {
  return unhealthyFor.exec(message)?.[1]?.toLowerCase() as ProbeKind | 'readiness' | undefined;
}

/**
 * Whether an Event was seen in this run, shortly enough before its end to be the reason: within the grace period, and
 * for `Unhealthy` the probe's whole window. An Event or an end without a time counts.
 */
function belongsTo({ context, view, end }: End, { firstAt, lastAt }: IndexedEvent, probe?: ProbeSnapshot): boolean {
  if (firstAt === undefined || lastAt === undefined || end.finishedAt === undefined) return true;
  const slack = context.windows.slackSeconds * 1000;
  const graces = [view.spec.liveness, view.spec.startup].map((each) => each?.terminationGracePeriodSeconds ?? 0);
  const grace = Math.max(graceOf(context.snapshot), ...graces) * 1000;
  const window = probe === undefined ? 0 : probe.failureThreshold * probe.periodSeconds * 1000;
  const from = Math.max(end.startedAt ?? 0, end.finishedAt - grace - window - slack);
  return firstAt <= end.finishedAt + slack && lastAt >= from;
}

function isDated({ context, end }: End, { lastAt }: IndexedEvent): boolean {
  if (lastAt === undefined || end.finishedAt === undefined) return false;
  return lastAt <= end.finishedAt + context.windows.slackSeconds * 1000;
}
