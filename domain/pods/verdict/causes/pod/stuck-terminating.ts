import type { VerdictContext } from '../../context/context.ts';
import { parseTime, sayDuration } from '../../context/time.ts';
import { createDraft, podEvidence } from '../../draft.ts';
import type { Rule } from '../../rule.ts';

interface Blame {
  readonly detail: string;
  readonly remedy: string;
}

/** The time for the deletion is over and the pod is still there. */
export const findStuckTerminating: Rule = (context) => {
  const { snapshot, now, windows, deleted } = context;
  const dueAt = parseTime(snapshot.deletionTimestamp);
  if (deleted || dueAt === undefined || now - dueAt <= windows.stuckTerminatingSeconds * 1000) return [];
  const { detail, remedy } = blame(context);
  return [
    createDraft({
      cause: 'StuckTerminating',
      confidence: detail === 'finalizers' || context.lostNode !== undefined ? 'likely' : 'possible',
      at: dueAt,
      detail,
      summary: `the pod should have been gone ${sayDuration(now - dueAt)} ago (${detail})`,
      remedy,
      evidence: [
        ...podEvidence('metadata.deletionTimestamp', snapshot.deletionTimestamp),
        ...podEvidence('metadata.finalizers', snapshot.finalizers.join(', ')),
        ...(context.lostNode?.evidence ?? []),
      ],
    }),
  ];
};

function blame({ snapshot, containers, lostNode }: VerdictContext): Blame {
  const node = snapshot.nodeName ?? 'the node';
  if (lostNode !== undefined) return { detail: 'node', remedy: `bring ${node} back or remove it from the cluster` };
  if (snapshot.finalizers.length > 0) {
    const remedy = `find out why the controller behind ${snapshot.finalizers.join(', ')} does not finish`;
    return { detail: 'finalizers', remedy };
  }
  const runs = containers.some(({ status }) => status?.state?.kind === 'running');
  return runs
    ? { detail: 'node', remedy: `check the kubelet of ${node}: containers still run past the grace period` }
    : { detail: 'volume', remedy: `all containers have ended: check on ${node} whether a volume cannot be unmounted` };
}
