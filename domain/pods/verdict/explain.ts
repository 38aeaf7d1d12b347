import type { VerdictContext } from './context/context.ts';
import type { Draft } from './draft.ts';
import type { Cause } from './types.ts';

/**
 * Marks the findings that another finding of the verdict explains: a lost node explains what happens on it, a failing
 * init container explains app containers that wait, a recent end explains that its container is not ready.
 */
export function explain(context: VerdictContext, drafts: readonly Draft[]): readonly Draft[] {
  if (drafts.length < 2) return drafts;
  return drafts.map((draft) => {
    if (draft.finding.explainedBy !== undefined) return draft;
    const cause = findExplanation(context, draft, drafts);
    return cause === undefined ? draft : { ...draft, finding: { ...draft.finding, explainedBy: cause } };
  });
}

function findExplanation(context: VerdictContext, draft: Draft, drafts: readonly Draft[]): Cause | undefined {
  const { finding } = draft;
  if (isByLostNode(context, draft)) return 'NodeLost';
  if (finding.cause !== 'ReadinessProbeFailing') return undefined;
  return drafts.find(
    (other) => other.isEnd && other.finding.container === finding.container && isRecent(context, other),
  )?.finding.cause;
}

function isByLostNode({ lostNode, windows }: VerdictContext, { finding, isEnd, at }: Draft): boolean {
  if (lostNode === undefined || (finding.cause === 'NodeLost' && finding.container === undefined)) return false;
  if (!isEnd || lostNode.since === undefined || at === undefined) return !isEnd;
  return at >= lostNode.since - windows.nodeNearSeconds * 1000;
}

function isRecent({ now, windows }: VerdictContext, { at }: Draft): boolean {
  return at !== undefined && now - at <= windows.recentSeconds * 1000;
}
