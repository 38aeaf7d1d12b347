import { z } from 'zod';
import { failures } from '../../../domain/failures.ts';
import { podOperations, resourceIdLimit } from '../pod-events/read-pod-event.ts';
import { maxEvents } from '../pod-events/max-events.ts';

/**
 * What the OpenAPI document says of the webhook. The handler reads events with `readPodEvent`, one by one, because a bad
 * one must not refuse the others; a test holds that it takes nothing that these schemas refuse.
 */

const name = z.string().min(1).max(253);

const ownerReference = z.looseObject({
  kind: z.string(),
  name: z.string(),
  uid: z.string().nullish(),
  controller: z.boolean().nullish().meta({ description: 'The controller owns the pod, else the first one does.' }),
});

export const podSchema = z
  .looseObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('Pod'),
    metadata: z.looseObject({
      name,
      namespace: z.string().min(1).max(63).nullish().meta({ description: '`default` when left out.' }),
      uid: z.string().min(1).max(128).meta({ description: 'A pod is its uid: another uid is another pod.' }),
      resourceVersion: z.string().max(128).nullish().meta({
        description: 'Orders the events of a pod. Without it they count in the order of their arrival.',
      }),
      labels: z.record(z.string(), z.string()).nullish(),
      ownerReferences: z.array(ownerReference).nullish(),
    }),
    spec: z.looseObject({}).nullish(),
    status: z.looseObject({ phase: z.string().nullish(), qosClass: z.string().nullish() }).nullish(),
  })
  .meta({
    id: 'Pod',
    description:
      'A Pod as the Kubernetes API has it. Send as much of it as you have: the more, the better the verdict. ' +
      'Fields Podkeeper does not look at are not kept.',
  });

export const podEventSchema = z
  .looseObject({
    resourceId: z.string().max(resourceIdLimit).nullish().meta({ description: 'Yours; handed back in the answer.' }),
    type: z.enum(podOperations),
    item: podSchema,
  })
  .meta({ id: 'PodEvent', description: 'One change of one pod.' });

export const podEventsBodySchema = z.union([podEventSchema, z.array(podEventSchema).min(1).max(maxEvents)]).meta({
  examples: [
    {
      resourceId: 'web-7d4b9-x2x9q',
      type: 'update',
      item: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: 'web-7d4b9-x2x9q',
          namespace: 'shop',
          uid: '5f0c6f0e-6c7a-4d8e-9a53-0b6f6f1f7a11',
          resourceVersion: '48211',
          labels: { app: 'web' },
          ownerReferences: [{ kind: 'ReplicaSet', name: 'web-7d4b9', controller: true }],
        },
        status: { phase: 'Running', qosClass: 'Burstable' },
      },
    },
  ],
});

const resourceId = z.string().optional().meta({ description: 'As sent.' });

const acceptedSchema = z
  .object({
    outcome: z.enum(['accepted', 'late']).meta({
      description: '`late`: the run of this pod has ended already. The event changes nothing; the ids are its.',
    }),
    workflowId: z.string(),
    runId: z.string(),
    url: z.url().meta({ description: "The run's page in the Temporal UI." }),
    resourceId,
  })
  .meta({ id: 'AcceptedPodEvent', description: 'The run that has the event: Temporal has it on its disk.' });

const codes = Object.keys(failures) as [keyof typeof failures, ...(keyof typeof failures)[]];

const refusedSchema = z.object({
  status: z.int().min(400).max(599),
  code: z.enum(codes),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  resourceId,
});

export const podEventsAnswerSchema = z
  .union([
    acceptedSchema,
    z
      .object({
        items: z
          .array(z.union([z.object({ status: z.literal(202), ...acceptedSchema.shape }), refusedSchema]))
          .meta({ description: 'One for each event, in the order they were sent.' }),
      })
      .meta({ id: 'PodEventItems' }),
  ])
  .meta({
    description: 'For one event the run that has it; for an array one entry an event. Look at `status` of each.',
  });

export type AcceptedPodEvent = z.infer<typeof acceptedSchema>;
export type PodEventItem = (AcceptedPodEvent & { readonly status: 202 }) | z.infer<typeof refusedSchema>;
