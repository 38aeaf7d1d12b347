import type { PodSnapshot } from '../../../domain/pods/snapshot/pod-snapshot.ts';
import { decideVerdict } from '../../../domain/pods/verdict/decide-verdict.ts';
import type { Verdict } from '../../../domain/pods/verdict/types.ts';
import type { Fault } from '../read/fault.ts';
import type { SourcedObject } from '../read/object-finder.ts';
import type { Bytes } from '../read/open-files.ts';
import { readObjects } from '../read/read-objects.ts';
import { createEvidenceCollector, type EvidenceCollector } from './collect-evidence.ts';
import { createPodCollector, type PodCollector } from './collect-pods.ts';

export interface JudgeRequest {
  readonly path: string;
  /** Files with Events and nodes, as further evidence. */
  readonly events?: string;
  readonly node?: string;
  /** The moment to judge by; without it a recording is judged by its own times, anything else by the clock. */
  readonly now?: Date;
}

export interface JudgedPod {
  readonly source: string;
  readonly snapshot: PodSnapshot;
  readonly verdict: Verdict;
}

/** Judges every pod under a path by its last state; what can't be read is a fault. A path without pods is one too. */
export async function* judgePods(
  request: JudgeRequest,
  input: { readonly stdin: Bytes; readonly clock: () => Date },
): AsyncGenerator<{ readonly pod: JudgedPod } | { readonly fault: Fault }> {
  let yielded = 0;
  const evidence = createEvidenceCollector();
  for (const path of [request.events, request.node]) {
    if (path === undefined) continue;
    for await (const item of readObjects(path, input.stdin)) {
      const fault = 'fault' in item ? item.fault : faultAt(item.object, evidence.add(item.object));
      if (fault === undefined) continue;
      yielded += 1;
      yield { fault };
    }
  }
  let group = createGroup(evidence);
  let source: string | undefined;
  const judgeGroup = function* (): Generator<{ readonly pod: JudgedPod }> {
    for (const pod of group.judge(request.now, input.clock)) {
      yielded += 1;
      yield { pod };
    }
    group = createGroup(evidence);
  };
  for await (const item of readObjects(request.path, input.stdin)) {
    if ('object' in item && item.object.source !== source) {
      yield* judgeGroup();
      ({ source } = item.object);
    }
    const fault = 'fault' in item ? item.fault : faultAt(item.object, group.take(item.object));
    if (fault === undefined) continue;
    yielded += 1;
    yield { fault };
  }
  yield* judgeGroup();
  if (yielded === 0) yield { fault: { source: request.path, message: 'holds no pod' } };
}

/** What belongs together, of one source: in a recording, evidence may come after the pod it is about. */
function createGroup(evidence: EvidenceCollector) {
  const pods: PodCollector = createPodCollector();
  const recorded: EvidenceCollector = createEvidenceCollector(evidence);
  return {
    take: (object: SourcedObject): string | undefined => addTo({ pods, recorded, object }),
    *judge(given: Date | undefined, clock: () => Date): Generator<JudgedPod> {
      for (const { snapshot, previous, seenAt, deleted, source } of pods.pods()) {
        const now = given ?? (seenAt === undefined ? clock() : new Date(seenAt));
        const verdict = decideVerdict({ snapshot, previous, evidence: recorded.of(snapshot), now, deleted });
        yield { source, snapshot, verdict };
      }
    },
  };
}

function addTo({
  pods,
  recorded,
  object,
}: {
  readonly pods: PodCollector;
  readonly recorded: EvidenceCollector;
  readonly object: SourcedObject;
}): string | undefined {
  const { kind, change } = object;
  if (carriesNoObject(object)) return undefined;
  if (kind === 'Pod') return pods.add(object);
  if (change !== undefined && (kind === 'Event' || kind === 'Node')) return recorded.add(object);
  return notAPod(object);
}

/** A bookmark has a Pod with nothing but a version; an error is a Status. */
export function carriesNoObject({ change }: SourcedObject): boolean {
  return change?.type === 'BOOKMARK' || change?.type === 'ERROR';
}

export function notAPod({ kind, path }: SourcedObject): string {
  return `${path === '' ? '' : `${path}.`}kind is ${kind === '' ? 'missing' : `${kind}, not Pod`}`;
}

/** A message about an object as a fault in its place. */
export function faultAt({ source, document, line }: SourcedObject, message: string | undefined): Fault | undefined {
  return message === undefined ? undefined : { source, document, line, message };
}
