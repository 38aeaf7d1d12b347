import { z } from 'zod';
import type {
  ReplayedRun,
  ReplayFilter,
  ReplayProgress,
} from '../../../../workflows/replay-classifications.messages.ts';
import { describes } from '../describes.ts';

const count = z.int();

const filter = describes<ReplayFilter>()(
  z.object({
    select: z.enum(['failed', 'all']),
    namespace: z.exactOptional(z.string()),
    pod: z.exactOptional(z.string()),
    owner: z.exactOptional(z.string()),
    cause: z.exactOptional(z.string()),
    rule: z.exactOptional(z.string()),
    from: z.exactOptional(z.string()),
    to: z.exactOptional(z.string()),
  }),
).meta({ id: 'ReplayFilter', description: 'Which pod runs a replay takes; everything given must fit.' });

const replayedRun = describes<ReplayedRun>()(
  z.object({
    workflowId: z.string(),
    runId: z.string(),
    outcome: z
      .enum(['still-failing', 'error', 'lost', 'changed', 'fixed', 'already-fixed', 'unchanged', 'gone'])
      .meta({ description: 'Of a dry run, what the outcome would be.' }),
    from: z
      .exactOptional(z.string())
      .meta({ description: 'The verdict before, in short; absent where it is not known.' }),
    to: z.exactOptional(z.string()).meta({ description: 'The verdict after, in short.' }),
    reason: z.exactOptional(z.string()),
    rule: z.exactOptional(z.string()),
    rulesVersion: z.exactOptional(z.string()),
  }),
).meta({ id: 'ReplayedRun', description: 'What became of one run.' });

export const replayProgressSchema = describes<ReplayProgress>()(
  z.object({
    state: z.enum(['running', 'completed', 'cancelled']),
    dryRun: z.boolean(),
    filter,
    reason: z.string(),
    requestedAt: z.string(),
    startedAt: z.string(),
    tried: count.meta({ description: 'Runs tried so far.' }),
    counts: z.object({
      'still-failing': count,
      error: count,
      lost: count,
      changed: count,
      fixed: count,
      'already-fixed': count,
      unchanged: count,
      gone: count,
    }),
    runs: z.array(replayedRun).meta({ description: 'The newest 500; those that need a person are kept longest.' }),
    runsDropped: count,
    pages: count,
  }),
).meta({ id: 'ReplayProgress', description: 'How far a replay is, and in the end what it did.' });
