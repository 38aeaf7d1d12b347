import { changeFault, snapshotFault } from './classification/change-fault.ts';
import { ClassificationError } from './classification/classification-error.ts';
import { isObserved, type PodChange } from './pod-change.ts';
import type { PodSnapshot } from './snapshot/pod-snapshot.ts';
import { podTransitions, type Transition } from './transitions.ts';
import { type CompiledRules, noRules, type RuleSubject } from './rules/compiled-rules.ts';
import { decideVerdict } from './verdict/decide-verdict.ts';
import type { Verdict } from './verdict/types.ts';

/** What is known about one change of one pod. The activity that runs it adds `elapsedMs`. */
export interface Classification {
  /** `Pod added|updated|deleted: <name>`. A pod that left the watch's scope was updated. */
  readonly taskName: string;
  /** `pod`, the operation, the tags of user rules, the health in lower case, `incident` when it is one, the primary cause if any. */
  readonly tags: readonly string[];
  readonly operation: PodChange['operation'];
  readonly transitions: readonly Transition[];
  /** For a change without an object it is the verdict on the last object seen. */
  readonly verdict: Verdict;
  readonly changeClassified: true;
  readonly rulesVersion: string;
  /** Set by a user rule. */
  readonly team?: string;
  /** Names of the user rules that matched; absent when none did. */
  readonly rules?: readonly string[];
  /** Which classification of its pod this is, from 1. */
  readonly attempt: number;
  /** The change's resourceVersion; empty when its sender gave none. */
  readonly version: string;
  readonly observedAt: string;
}

export interface ClassifyChangeInput {
  /** The pod's last snapshot before the change. */
  readonly previous?: PodSnapshot | undefined;
  readonly change: PodChange;
  readonly attempt: number;
  /** None when left out. */
  readonly rules?: CompiledRules | undefined;
}

/**
 * Classifies one change as of the moment it was observed. Pure. Throws ClassificationError, which names the path, when
 * the change or the previous snapshot is malformed, belongs to another pod, or has no object to be judged by; RuleError
 * when a user rule can't be applied.
 */
export function classifyChange(input: ClassifyChangeInput): Classification {
  return classifyBatch({ ...input, changes: [input.change] }).classifications[0] as Classification;
}

/** How a pod's deletion was first announced; the final delete rewrites both. */
export type DeletionSeen = Pick<PodSnapshot, 'deletionTimestamp' | 'deletionGracePeriodSeconds'>;

export interface ClassifyBatchInput {
  readonly previous?: PodSnapshot | undefined;
  /** As `deletion` of the batch before. */
  readonly deletion?: DeletionSeen | undefined;
  /** Of one pod, in the order they were seen. */
  readonly changes: readonly PodChange[];
  /** The number of the first classification; the others count on. */
  readonly attempt: number;
  /** None when left out. */
  readonly rules?: CompiledRules | undefined;
}

export interface ClassifiedChanges {
  /** One per change, in order. */
  readonly classifications: readonly Classification[];
  /** The last snapshot after the batch: the next batch's `previous`. */
  readonly snapshot: PodSnapshot | undefined;
  readonly deletion: DeletionSeen | undefined;
}

/** Classifies changes one after the other, each against the one before. Throws as `classifyChange`, for the whole batch. */
export function classifyBatch({ previous, changes, attempt, rules, ...input }: ClassifyBatchInput): ClassifiedChanges {
  if (previous !== undefined) refuse(snapshotFault(previous, 'previous'));
  let snapshot = previous;
  let deletion = input.deletion ?? deletionOf(previous);
  const classifications = changes.map((change, index) => {
    const path = `changes[${index}]`;
    refuse(changeFault(change, path));
    // The rules read the start of the deletion off the previous snapshot, so that one shows it as first announced.
    const before = snapshot?.deletionTimestamp === undefined ? snapshot : { ...snapshot, ...deletion };
    const classification = classify({ previous: before, change, path, attempt: attempt + index, rules });
    if (isObserved(change)) ({ snapshot } = change);
    deletion ??= deletionOf(snapshot);
    return classification;
  });
  return { classifications, snapshot, deletion };
}

function deletionOf(snapshot: PodSnapshot | undefined): DeletionSeen | undefined {
  if (snapshot?.deletionTimestamp === undefined) return undefined;
  const { deletionTimestamp, deletionGracePeriodSeconds: seconds } = snapshot;
  return { deletionTimestamp, ...(seconds === undefined ? {} : { deletionGracePeriodSeconds: seconds }) };
}

function classify({
  previous,
  change,
  path,
  attempt,
  rules = noRules,
}: ClassifyChangeInput & { readonly path: string }): Classification {
  const subject = isObserved(change) ? change.snapshot : previous;
  if (subject === undefined) throw new ClassificationError(`${path} is without an object, and none was seen before`);
  if (previous !== undefined && previous.uid !== subject.uid) {
    throw new ClassificationError(`${path}.snapshot.uid is not that of the previous snapshot`);
  }
  const { operation, observedAt } = change;
  const decided = decideVerdict({
    snapshot: subject,
    previous: subject === previous ? undefined : previous,
    now: new Date(observedAt),
    deleted: operation === 'delete',
  });
  const { verdict, tags, ...ruled } = applyRules(rules, { snapshot: subject, verdict: decided });
  return {
    taskName: `Pod ${verbs[operation]}: ${subject.name}`,
    tags: listTags({ operation, verdict, ruleTags: tags }),
    operation,
    transitions: podTransitions({ previous, change }),
    verdict,
    changeClassified: true,
    ...ruled,
    attempt,
    version: isObserved(change) ? change.snapshot.version : change.version,
    observedAt,
  };
}

const verbs = { add: 'added', update: 'updated', delete: 'deleted', leftScope: 'updated' } as const;

/** The part of a classification that user rules decide. */
export function applyRules(rules: CompiledRules, subject: RuleSubject) {
  const { verdict, tags, team, matched } = rules.apply(subject);
  return {
    verdict,
    tags,
    rulesVersion: rules.version,
    ...(team === null ? {} : { team }),
    ...(matched.length === 0 ? {} : { rules: matched }),
  };
}

/** In the order a person reads them: what happened, whose it is, how it is. */
export function listTags(input: {
  readonly operation: string;
  readonly verdict: Verdict;
  readonly ruleTags: readonly string[];
}): string[] {
  const { health, incident, primary } = input.verdict;
  const tags = ['pod', input.operation, ...input.ruleTags, health.toLowerCase()];
  if (incident) tags.push('incident');
  if (primary !== null) tags.push(primary);
  return tags;
}

function refuse(fault: string | undefined): void {
  if (fault !== undefined) throw new ClassificationError(fault);
}
