import { createDraft } from '../../draft.ts';
import type { Rule } from '../../rule.ts';

/** The pod's node is gone or does not answer: what the pod reports is old. */
export const findNodeLost: Rule = ({ lostNode, snapshot }) => {
  if (lostNode === undefined) return [];
  const node = snapshot.nodeName === undefined ? 'the node of the pod' : `node ${snapshot.nodeName}`;
  return [
    createDraft({
      cause: 'NodeLost',
      confidence: 'confirmed',
      at: lostNode.since,
      summary: `${node} does not answer, so the state of the pod is not known`,
      remedy: `check ${node}: its kubelet, network and power`,
      evidence: lostNode.evidence,
    }),
  ];
};
