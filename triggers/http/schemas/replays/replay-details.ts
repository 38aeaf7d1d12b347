import { z } from 'zod';
import type { CancelledReplay } from '../../runs/replays/cancel-replay.ts';
import type { ReplayDetails } from '../../runs/replays/read-replay.ts';
import { describes } from '../describes.ts';
import { runFailureSchema } from '../runs/run-failure.ts';
import { runRowSchema } from '../runs/run-row.ts';
import { startedRunSchema } from '../start.ts';
import { replayProgressSchema } from './replay-progress.ts';

const replayId = z.string().meta({ description: 'The Idempotency-Key it was started with, or one made for it.' });

export const startedReplaySchema = startedRunSchema.extend({ replayId }).meta({ id: 'StartedReplay' });

export const replayDetailsSchema = describes<ReplayDetails>()(
  z.object({
    replayId,
    run: runRowSchema,
    failure: runFailureSchema.nullable(),
    progress: replayProgressSchema.nullable().meta({
      description:
        'Null for one that has failed and that no worker can answer for, such as one with an input that is not valid.',
    }),
  }),
).meta({ id: 'ReplayDetails', description: 'How far a replay is, and in the end what it did.' });

export const cancelledReplaySchema = describes<CancelledReplay>()(
  z.object({
    replayId,
    workflowId: z.string(),
    runId: z.string(),
    url: z.string(),
    cancelling: z.boolean().meta({ description: 'False when it had ended before.' }),
  }),
).meta({ id: 'CancelledReplay' });

export const replayParamsSchema = z.strictObject({
  replayId: z.string().regex(/^[A-Za-z0-9._:~-]{1,128}$/, 'is not the id of a replay'),
});
