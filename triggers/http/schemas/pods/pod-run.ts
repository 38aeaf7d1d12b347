import { z } from 'zod';
import type { PodState } from '../../../../workflows/pod-lifecycle.messages.ts';
import type { PodRunFailures, PodRunView } from '../../runs/views/read-pod-run.ts';
import { describes } from '../describes.ts';
import { podSnapshotSchema } from './snapshot.ts';
import { podTimelineSchema } from './timeline.ts';
import { causeSchema, severitySchema, verdictSchema } from './verdict.ts';

const podState = describes<PodState>()(
  z.object({
    pod: z.object({ namespace: z.string(), name: z.string(), uid: z.string() }),
    gone: z.boolean().meta({ description: 'The pod was deleted.' }),
    snapshot: podSnapshotSchema.nullable(),
    verdict: verdictSchema.nullable().meta({ description: 'On the last object that could be classified.' }),
    operations: z
      .object({ add: z.int(), update: z.int(), delete: z.int() })
      .meta({ description: 'Changes taken in; repeats and late ones are not in here.' }),
    restarts: z.int().meta({ description: 'The highest sum of restart counts seen.' }),
    worstSeverity: severitySchema.nullable(),
    primaryCauses: z
      .array(causeSchema)
      .meta({ description: 'Every primary cause the pod ever had, in order of appearance.' }),
    classified: z.int(),
    failed: z.int().meta({ description: 'Changes that could not be classified.' }),
  }),
).meta({ id: 'PodState', description: 'Where the pod stands: last snapshot and verdict, and the totals.' });

const podRunFailures = describes<PodRunFailures>()(
  z.object({
    count: z.int().meta({ description: 'Failed classifications the run keeps, to be replayed.' }),
    items: z.array(
      z.object({
        failedAt: z.string(),
        reason: z.string(),
        rule: z.string().nullable().meta({ description: 'The user rule that made it fail.' }),
        changes: z.int().meta({ description: 'Changes in the batch.' }),
      }),
    ),
  }),
).meta({
  id: 'PodRunFailures',
  description: 'What could not be classified; POST /api/v1/classifications/replay tries it again.',
});

/** The fields of a PodRunView, to be part of something bigger. */
export const podRunParts = { state: podState, timeline: podTimelineSchema, failures: podRunFailures };

export const podRunViewSchema = describes<PodRunView>()(z.object(podRunParts)).meta({
  id: 'PodRunView',
  description: 'What the run of a pod knows.',
});
