import type { TimelineEntry } from '../../../domain/pods/run/pod-run.ts';
import type { Evidence } from '../../../domain/pods/verdict/types.ts';
import type { DemoRun } from '../runs.ts';

/** One pod's line in the live table. */
export interface Row {
  readonly pod: string;
  readonly url: string;
  /** The last operation and how many changes were classified. */
  readonly operation: string;
  readonly verdict: string;
  readonly evidence: string;
}

const verbs: Readonly<Record<TimelineEntry['operation'], string>> = {
  add: 'added',
  update: 'updated',
  delete: 'deleted',
  leftScope: 'left scope',
  review: 'reviewed',
};

const shownEvidence = 4;

/** By name, so that the table does not jump. */
export function rowsOf(runs: readonly DemoRun[]): Row[] {
  return [...runs].sort((one, other) => one.pod.localeCompare(other.pod)).map(rowOf);
}

function rowOf({ pod, url, state, timeline }: DemoRun): Row {
  const last = timeline.at(-1);
  const [finding] = state.verdict?.primary == null ? [] : state.verdict.findings;
  return {
    pod,
    url,
    operation: last === undefined ? '' : `${verbs[last.operation]} (${state.classified})`,
    verdict: state.verdict === null ? unjudged(state) : verdictText(state.verdict),
    evidence: finding === undefined ? '' : evidenceText(finding.evidence),
  };
}

function unjudged({ failed }: DemoRun['state']): string {
  return failed === 0 ? '…' : '! not classified';
}

export function verdictText({
  health,
  primary,
  incident,
}: Pick<TimelineEntry, 'health' | 'primary' | 'incident'>): string {
  return `${incident ? '! ' : '  '}${health}${primary === null || primary === health ? '' : `: ${primary}`}`;
}

/** `reason=OOMKilled exitCode=137`: the last name of each path is what a person knows it by. */
export function evidenceText(evidence: readonly Evidence[]): string {
  return evidence
    .slice(0, shownEvidence)
    .map(({ path = 'evidence', value }) => `${path.slice(path.lastIndexOf('.') + 1)}=${value}`)
    .join(' ');
}
