import type { ContainerView, Termination } from '../../context/container-view.ts';
import type { Draft } from '../../draft.ts';
import type { Rule } from '../../rule.ts';
import { decideEnd } from '../../terminations/decide-end.ts';
import { findLostRecord } from '../../terminations/steps/status-lost.ts';

/** How containers ended: the newest end and the one before, once each when both have the same cause. */
export const findTerminations: Rule = (context) => {
  const drafts: Draft[] = [];
  for (const view of context.containers) {
    const [newest, older] = ownEnds(view).map((end) => decideEnd({ context, view, end }));
    if (newest !== undefined) drafts.push(newest);
    if (older !== undefined && !repeats(older, newest)) drafts.push(older);
    const lost = findLostRecord(context, view);
    if (lost !== undefined) drafts.push(lost);
  }
  return drafts;
};

/** The same cause again; unless one is excused and the other is not. */
function repeats({ finding }: Draft, newest: Draft | undefined): boolean {
  return finding.cause === newest?.finding.cause && finding.excuse === newest.finding.excuse;
}

/** Ends of ephemeral containers are told by their own rule, unless the kernel killed them. */
function ownEnds({ type, ends }: ContainerView): readonly Termination[] {
  return type === 'ephemeral' ? ends.filter(({ record }) => record.reason === 'OOMKilled') : ends;
}
