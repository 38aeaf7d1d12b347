import { z } from 'zod';
import { maxPods, type NamedPod, type PodOfName } from '../../runs/read-pod.ts';
import { describes } from '../describes.ts';
import { runRowSchema } from '../runs/run-row.ts';
import { podRunParts } from './pod-run.ts';

const podOfName = describes<PodOfName>()(z.object({ uid: z.string(), run: runRowSchema, ...podRunParts })).meta({
  id: 'PodOfName',
});

export const namedPodSchema = describes<NamedPod>()(
  z.object({
    namespace: z.string(),
    name: z.string(),
    current: podOfName.nullable().meta({ description: 'The pod that has the name now; null when none has.' }),
    earlier: z.array(podOfName).meta({ description: 'Pods that had the name, newest first.' }),
    more: z
      .boolean()
      .meta({ description: `Whether there were more than these ${maxPods}; GET /api/v1/runs lists them.` }),
  }),
).meta({ id: 'NamedPod', description: 'All pods that have or had a name, as long as Temporal keeps their runs.' });

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export const podParamsSchema = z.strictObject({
  namespace: z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'is not the name of a namespace'),
  name: z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, 'is not the name of a pod'),
});
