import { causeTable } from './cause-table.ts';
import type { ContainerView } from './context/container-view.ts';
import { cut } from './values/text.ts';
import type { Evidence, Finding } from './types.ts';

/** A finding on its way into the verdict, with what the selection of the primary cause needs to know. */
export interface Draft {
  readonly finding: Finding;
  /** When it happened, milliseconds since the epoch; undefined when unknown. */
  readonly at: number | undefined;
  /** It tells how a container ended, not what the pod or container is in now. */
  readonly isEnd: boolean;
}

type Given = { readonly [Key in keyof Finding]?: Finding[Key] | undefined } & Pick<
  Finding,
  'cause' | 'confidence' | 'summary' | 'evidence'
>;

export interface DraftInput extends Given {
  readonly view?: ContainerView | undefined;
  readonly at?: number | undefined;
  readonly isEnd?: boolean;
}

const limits = {
  name: 253,
  detail: 120,
  summary: 320,
  remedy: 320,
  path: 400,
  value: 320,
  evidence: 12,
  time: 40,
} as const;

/** Fills in what the cause table and the container say, leaves out what is undefined and bounds every string. */
export function createDraft({ view, at, isEnd = false, ...given }: DraftInput): Draft {
  const { category, severity } = causeTable[given.cause];
  const finding: { -readonly [Key in keyof Finding]: Finding[Key] } = {
    cause: given.cause,
    category: given.category ?? category,
    severity: given.severity ?? severity,
    confidence: given.confidence,
    summary: cut(given.summary, limits.summary),
    evidence: given.evidence.slice(0, limits.evidence).map(bound),
  };
  if (view !== undefined) {
    finding.container = cut(view.name, limits.name);
    finding.containerType = view.type;
  }
  if (given.exitCode !== undefined) finding.exitCode = given.exitCode;
  if (given.signal !== undefined) finding.signal = given.signal;
  if (given.restarts !== undefined) finding.restarts = given.restarts;
  if (given.detail !== undefined) finding.detail = cut(given.detail, limits.detail);
  if (given.explainedBy !== undefined) finding.explainedBy = given.explainedBy;
  if (given.excuse !== undefined) finding.excuse = given.excuse;
  if (given.remedy !== undefined) finding.remedy = cut(given.remedy, limits.remedy);
  return { finding, at, isEnd };
}

/** Evidence from the Pod, without an entry for what it does not say. */
export function podEvidence(
  path: string,
  value: string | number | undefined,
  observedAt?: string,
): readonly Evidence[] {
  if (value === undefined || value === '') return [];
  return [{ source: 'pod', path, value: String(value), ...(observedAt === undefined ? {} : { observedAt }) }];
}

function bound(evidence: Evidence): Evidence {
  const { path, value, observedAt } = evidence;
  return {
    ...evidence,
    ...(path === undefined ? {} : { path: cut(path, limits.path) }),
    ...(observedAt === undefined ? {} : { observedAt: cut(observedAt, limits.time) }),
    value: cut(value, limits.value),
  };
}
