import { z } from 'zod';
import { newPodRun } from '../../../../domain/pods/run/pod-run.ts';
import { startState } from '../../../../domain/pods/run/pod-run-attributes.ts';
import { type PodLifecycleInput, podLifecycleType } from '../../../../workflows/pod-lifecycle.messages.ts';
import { podRunStart } from '../../../pod-changes/pod-run-start.ts';
import { readPodEvent } from '../../pod-events/read-pod-event.ts';
import { faultProblem } from '../../problems/fault-problem.ts';
import { podSchema } from '../../schemas/pod-event.ts';
import { definePublicWorkflow } from '../public-workflow.ts';

const input = z.strictObject({ item: podSchema }).meta({
  id: 'PodLifecycleInput',
  examples: [{ item: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-1', namespace: 'shop', uid: 'uid-1' } } }],
});

export const podLifecycle = definePublicWorkflow({
  type: podLifecycleType,
  scope: 'workflows:write',
  operationId: 'startPodLifecycle',
  summary: 'Start the run of a pod',
  description:
    'Starts the run of a pod by hand, with this Pod as its first `add`. Its run id is ' +
    '`pod/<cluster>/<namespace>/<name>/<uid>`: a pod has one run, ever. To tell of a change of a pod, whether it has ' +
    'a run or not, send a pod event.',
  input,
  plan({ item }, { dependencies: { cluster, runSettings }, now }) {
    const read = readPodEvent({ type: 'add', item }, { path: 'body', observedAt: now.toISOString() });
    if ('errors' in read) throw faultProblem('invalid_input', read.errors);
    const { pod, change } = read.event;
    const { input: start, ...plan } = podRunStart({ cluster, pod, runSettings, first: change });
    // In its input, because nothing but a signal-with-start could hand it over at once, and that would signal a run
    // that is there already.
    const carried = {
      state: newPodRun(),
      shown: { state: startState },
      queue: [{ changes: [change], epoch: 0 }],
    } satisfies PodLifecycleInput['carried'];
    return { ...plan, workflowType: podLifecycleType, input: { ...start, carried }, again: 'never' };
  },
});
