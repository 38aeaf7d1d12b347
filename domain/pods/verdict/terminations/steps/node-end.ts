import { findNodeOom, findNodeTrouble } from '../../context/node.ts';
import { createEndDraft, sayRestarts } from '../create-end-draft.ts';
import type { EndStep } from '../end.ts';
import { sayExitCode } from '../exit-codes.ts';

/** A kill while the node itself ran out of memory, reported by the node and not by the container's status. */
export const decideNodeOom: EndStep = (input) => {
  const { context, view, end } = input;
  if (end.finishedAt === undefined) return undefined;
  const evidence = findNodeOom(context.events, end.finishedAt, context.windows.nodeNearSeconds);
  if (evidence.length === 0) return undefined;
  return createEndDraft(input, {
    cause: 'OOMKilled',
    severity: view.loops ? 'critical' : 'high',
    confidence: 'likely',
    detail: 'node-level',
    summary: `container ${view.name} was killed while its node ran out of memory, exit code 137${sayRestarts(view)}`,
    remedy: 'the node ran out of memory: give its pods memory requests that match their use',
    evidence,
  });
};

/** An end with 137 or 255 while the node rebooted or stopped answering. */
export const decideNodeTrouble: EndStep = (input) => {
  const { context, view, end } = input;
  if (end.finishedAt === undefined) return undefined;
  const sources = { events: context.events, node: context.evidence.node };
  const evidence = findNodeTrouble(sources, end.finishedAt, context.windows.nodeNearSeconds);
  if (evidence.length === 0) return undefined;
  return createEndDraft(input, {
    cause: 'NodeLost',
    confidence: 'likely',
    summary: `container ${view.name} ended with exit code ${sayExitCode(end.record.exitCode)} when its node rebooted or stopped answering${sayRestarts(view)}`,
    remedy: `look at node ${context.snapshot.nodeName ?? ''} at that time; the container is not to blame`,
    evidence,
  });
};
