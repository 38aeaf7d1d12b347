import { z } from 'zod';
import type { ReclassifiedPod } from '../../../../workflows/reclassify.messages.ts';
import type { RunDetails } from '../../runs/read-run.ts';
import { describes } from '../describes.ts';
import { podRunViewSchema } from '../pods/pod-run.ts';
import { timelineEntrySchema } from '../pods/timeline.ts';
import { verdictSchema } from '../pods/verdict.ts';
import { replayProgressSchema } from '../replays/replay-progress.ts';
import { watchStandingSchema } from '../watches/watch-standing.ts';
import { runFailureSchema } from './run-failure.ts';
import { runRowSchema } from './run-row.ts';

const reclassifiedPod = describes<ReclassifiedPod>()(
  z.object({
    outcome: z.enum(['fixed', 'still-failing', 'changed', 'unchanged']),
    fixed: z.int().meta({ description: 'Changes classified now that could not be before.' }),
    failing: z.int().meta({ description: "Changes that still can't be classified." }),
    from: z.string().meta({ description: 'The verdict before, in short.' }),
    to: z.string().meta({ description: 'The verdict after, in short.', examples: ['Degraded, OOMKilled, high'] }),
    reason: z.exactOptional(z.string()),
    rule: z.exactOptional(z.string()),
    rulesVersion: z.string(),
    entries: z.array(timelineEntrySchema).meta({ description: 'The newest classifications made now, oldest first.' }),
    entriesDropped: z.int(),
    verdict: verdictSchema.nullable(),
    lost: z.int().meta({ description: "Older inputs that the run could not keep: they can't be tried any more." }),
  }),
).meta({ id: 'ReclassifiedPod', description: 'What a closed pod run lacked.' });

export const runDetailsSchema = describes<RunDetails>()(
  z.object({
    run: runRowSchema,
    summary: z.string().nullable(),
    failure: runFailureSchema.nullable(),
    podLifecycle: z.exactOptional(podRunViewSchema.nullable()),
    watchPods: z.exactOptional(watchStandingSchema.nullable()),
    replayClassifications: z.exactOptional(replayProgressSchema.nullable()),
    reclassify: z.exactOptional(
      z.object({ result: reclassifiedPod.nullable().meta({ description: 'Null while it runs, and when it failed.' }) }),
    ),
    result: z.exactOptional(z.record(z.string(), z.unknown())).meta({
      description: 'What a closed run returned that no pod worker can answer for.',
    }),
  }),
).meta({
  id: 'RunDetails',
  description:
    'One run, whole: the part that is named like its type says what it knows. A run that continued as new has none; ' +
    'leave `runId` out to ask the latest run of its id. A closed run that no pod worker can answer for has null there, and ' +
    '`failure` or `result`.',
});
