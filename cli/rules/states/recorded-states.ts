import { classifyBatch, type DeletionSeen } from '../../../domain/pods/classification.ts';
import type { PodOperation } from '../../../domain/pods/pod-change.ts';
import { podFault } from '../../../domain/pods/snapshot/pod-fault.ts';
import type { PodSnapshot } from '../../../domain/pods/snapshot/pod-snapshot.ts';
import { projectPod } from '../../../domain/pods/snapshot/project-pod.ts';
import { isTime } from '../../../domain/pods/snapshot/validation/checks.ts';
import { carriesNoObject, faultAt, notAPod } from '../../classify/judge/judge-pods.ts';
import type { Fault } from '../../classify/read/fault.ts';
import type { SourcedObject } from '../../classify/read/object-finder.ts';
import type { Bytes } from '../../classify/read/open-files.ts';
import { streamObjects } from '../../classify/read/stream-objects.ts';
import { podName } from '../pod-name.ts';
import type { JudgedState } from './judged-state.ts';

export type StateOrFault = { readonly state: JudgedState } | { readonly fault: Fault };

/**
 * Every state of every pod under a path, judged as its run would have judged it: of a recording each change as of its own
 * time, against the one before; of other files each pod as of now. Like a run it goes by the pod alone: Events and nodes
 * are passed over. Memory grows with the pods that are alive at one time in one file.
 */
export async function* recordedStates(
  path: string,
  input: { readonly stdin: Bytes; readonly clock: () => Date },
): AsyncGenerator<StateOrFault> {
  let found = 0;
  let source: string | undefined;
  let judge = createStateJudge(input.clock);
  for await (const item of streamObjects(path, input.stdin)) {
    if ('object' in item && item.object.source !== source) {
      ({ source } = item.object);
      judge = createStateJudge(input.clock);
    }
    const result = 'fault' in item ? item : judge(item.object);
    if (result === undefined) continue;
    found += 1;
    yield result;
  }
  if (found === 0) yield { fault: { source: path, message: 'holds no pod' } };
}

interface Seen {
  readonly snapshot: PodSnapshot | undefined;
  readonly deletion: DeletionSeen | undefined;
}

/** Judges the objects of one source, one after the other. */
function createStateJudge(clock: () => Date): (object: SourcedObject) => StateOrFault | undefined {
  const pods = new Map<string, Seen>();
  return (object) => {
    const { kind, change, path, value, source, line } = object;
    if (carriesNoObject(object)) return undefined;
    if (kind !== 'Pod') {
      const isEvidence = change !== undefined && (kind === 'Event' || kind === 'Node');
      return isEvidence ? undefined : asFault(object, notAPod(object));
    }
    const timeFault = change?.at === undefined ? undefined : isTime(change.at, 'at');
    if (timeFault !== undefined) return asFault(object, timeFault);
    const fault = podFault(value, { uid: 'optional' });
    if (fault !== undefined) return asFault(object, path === '' ? fault : `${path}.${fault}`);
    const projected = projectPod(value);
    const uid = projected.uid || `${source}: ${podName(projected)}`;
    const seen = change === undefined ? undefined : pods.get(uid);
    const operation = operations[change?.type ?? ''] ?? 'update';
    const { classifications, snapshot, deletion } = classifyBatch({
      previous: seen?.snapshot,
      deletion: seen?.deletion,
      // A Pod in a file may have lost its uid, which a change must have; no verdict depends on it.
      changes: [{ operation, observedAt: change?.at ?? clock().toISOString(), snapshot: { ...projected, uid } }],
      attempt: 1,
    });
    if (operation === 'delete') pods.delete(uid);
    else if (change !== undefined) pods.set(uid, { snapshot, deletion });
    const state = (verdict: JudgedState['subject']['verdict']): JudgedState => ({
      key: uid,
      pod: podName(projected),
      place: `${source} line ${line}${path === '' || change !== undefined ? '' : ` ${path}`}`,
      subject: { snapshot: projected, verdict },
    });
    const [classification] = classifications;
    return classification === undefined ? undefined : { state: state(classification.verdict) };
  };
}

const operations: Readonly<Record<string, PodOperation>> = { ADDED: 'add', MODIFIED: 'update', DELETED: 'delete' };

function asFault(object: SourcedObject, message: string): StateOrFault | undefined {
  const fault = faultAt(object, message);
  return fault === undefined ? undefined : { fault };
}
