import type { Draft } from '../../draft.ts';
import type { Rule } from '../../rule.ts';
import { decideEnd } from '../../terminations/decide-end.ts';
import { findLostRecord } from '../../terminations/steps/status-lost.ts';

/** How containers ended: the newest end and the one before, once each when both have the same cause. */
export const findTerminations: Rule = (context) => {
  const drafts: Draft[] = [];
  for (const view of context.containers) {
    const [newest, older] = view.ends.map((end) => decideEnd({ context, view, end }));
    if (newest !== undefined) drafts.push(newest);
    if (older !== undefined && older.finding.cause !== newest?.finding.cause) drafts.push(older);
    const lost = findLostRecord(context, view);
    if (lost !== undefined) drafts.push(lost);
  }
  return drafts;
};
