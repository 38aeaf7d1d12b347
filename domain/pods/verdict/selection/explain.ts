import type { VerdictContext } from '../context/context.ts';
import type { Draft } from '../draft.ts';
import type { Cause } from '../types.ts';

/**
 * Marks the findings that another finding of the verdict explains: a lost node explains what happens on it, a failing
 * init container, a missing image or an invalid configuration explains why the pod does not start, and a recent end
 * explains that its container is not ready. What a disruption explains is marked where ends are decided.
 */
export function explain(context: VerdictContext, drafts: readonly Draft[]): readonly Draft[] {
  if (drafts.length < 2) return drafts;
  const recentEnds = new Map<string | undefined, Cause>();
  for (const draft of drafts) {
    if (draft.isEnd && isRecent(context, draft) && !recentEnds.has(draft.finding.container)) {
      recentEnds.set(draft.finding.container, draft.finding.cause);
    }
  }
  const startBlocker = drafts.find((draft) => blocksStart(context, draft))?.finding.cause;
  return drafts.map((draft) => {
    const { finding } = draft;
    let explainedBy = finding.explainedBy;
    if (explainedBy === undefined && isByLostNode(context, draft)) explainedBy = 'NodeLost';
    if (finding.cause === 'ReadinessProbeFailing') explainedBy ??= recentEnds.get(finding.container);
    if (finding.cause === 'StartupStalled') explainedBy ??= startBlocker;
    return explainedBy === undefined ? draft : { ...draft, finding: { ...finding, explainedBy } };
  });
}

/** Whether this finding tells why a pod does not get beyond Pending. */
export function blocksStart({ snapshot }: VerdictContext, { finding }: Draft): boolean {
  if (snapshot.phase !== 'Pending') return false;
  const failsInit =
    finding.containerType === 'init' && (finding.category === 'crash' || finding.category === 'startup');
  if (failsInit) return finding.cause !== 'StartupStalled';
  return finding.cause === 'ImagePullFailed' || finding.cause === 'ContainerConfigInvalid';
}

function isByLostNode({ lostNode, windows }: VerdictContext, { finding, isEnd, at }: Draft): boolean {
  if (lostNode === undefined || (finding.cause === 'NodeLost' && finding.container === undefined)) return false;
  if (finding.cause === 'StatusLost') return true;
  if (!isEnd || lostNode.since === undefined || at === undefined) return !isEnd;
  return at >= lostNode.since - windows.nodeNearSeconds * 1000;
}

function isRecent({ now, windows }: VerdictContext, { at }: Draft): boolean {
  return at !== undefined && now - at <= windows.recentSeconds * 1000;
}
