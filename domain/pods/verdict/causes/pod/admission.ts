import { createDraft, podEvidence } from '../../draft.ts';
import type { Rule } from '../../rule.ts';

/** Reasons with which a kubelet refuses a pod that was bound to it (pkg/kubelet/lifecycle). */
const reasons: ReadonlySet<string> = new Set([
  'UnexpectedAdmissionError',
  'NodeAffinity',
  'NodeName',
  'NodePorts',
  'AppArmor',
  'SysctlForbidden',
  'PodOSSelectorNodeLabelDoesNotMatch',
  'PodOSNotSupported',
]);

/** The kubelet refused to run the pod on the node the scheduler had chosen. */
export const findAdmissionRejected: Rule = ({ snapshot }) => {
  const { reason, message } = snapshot;
  if (reason === undefined || !isRejection(reason)) return [];
  return [
    createDraft({
      cause: 'AdmissionRejected',
      confidence: 'confirmed',
      detail: reason,
      summary: `the kubelet refused the pod (${reason})${message === undefined ? '' : `: ${message}`}`,
      remedy: `the pod stays Failed: let its controller make a new one, and check what of ${snapshot.nodeName ?? 'the node'} changed after scheduling`,
      evidence: [...podEvidence('status.reason', reason), ...podEvidence('status.message', message)],
    }),
  ];
};

function isRejection(reason: string): boolean {
  return reasons.has(reason) || reason.startsWith('OutOf') || reason.startsWith('Topology');
}
