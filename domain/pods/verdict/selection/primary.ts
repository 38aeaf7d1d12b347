import type { ContainerType } from '../../snapshot/pod-snapshot.ts';
import type { VerdictContext } from '../context/context.ts';
import type { Draft } from '../draft.ts';
import { blocksStart } from './explain.ts';
import { isIncident } from './incident.ts';
import { type Category, causes, severities } from '../types.ts';

const typeRank: Readonly<Record<ContainerType, number>> = { app: 0, init: 0, sidecar: 1, ephemeral: 2 };
const categoryRank: Readonly<Partial<Record<Category, number>>> = { node: 0, disruption: 1, workload: 2 };

/**
 * Findings by weight: unexplained first, then those that make the incident, then any news before the merely informational;
 * node before disruption; what keeps a pod from starting; what is going on lately before what is long over; app before sidecar before ephemeral; the
 * newest; the most severe. The order of causes and of containers breaks ties, so that it is always the same.
 */
export function sortByWeight(context: VerdictContext, drafts: readonly Draft[]): readonly Draft[] {
  if (drafts.length < 2) return drafts;
  const newest = Math.max(...drafts.map(({ at }) => at ?? 0));
  const recent = newest - context.windows.recentSeconds * 1000;
  return drafts
    .map((draft) => ({ draft, weight: weigh(context, draft, recent) }))
    .sort((one, other) => compare(one.weight, other.weight))
    .map(({ draft }) => draft);
}

function weigh(context: VerdictContext, draft: Draft, recent: number): readonly number[] {
  const { finding, at } = draft;
  const isNews =
    finding.severity !== 'info' && finding.category !== 'informational' && finding.excuse !== 'pod-succeeded';
  return [
    finding.explainedBy === undefined ? 0 : 1,
    isIncident(finding) ? 0 : 1,
    isNews ? 0 : 1,
    categoryRank[finding.category] ?? 3,
    blocksStart(context, draft) ? 0 : 1,
    (at ?? 0) >= recent ? 0 : 1,
    finding.containerType === undefined ? 0 : typeRank[finding.containerType],
    -(at ?? 0),
    severities.indexOf(finding.severity),
    causes.indexOf(finding.cause),
  ];
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [index, value] of one.entries()) {
    const difference = value - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
