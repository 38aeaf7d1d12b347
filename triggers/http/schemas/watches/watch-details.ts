import { z } from 'zod';
import type { ReconfigureResult } from '../../../../workflows/watch-pods.messages.ts';
import type { AskedWatch } from '../../runs/watches/control-watch.ts';
import { maxWatches, type WatchDetails, type WatchList } from '../../runs/watches/read-watches.ts';
import { describes } from '../describes.ts';
import { runRowSchema } from '../runs/run-row.ts';
import { watchStandingSchema } from './watch-standing.ts';

export const watchDetailsSchema = describes<WatchDetails>()(
  z.object({ scope: z.string(), run: runRowSchema, watch: watchStandingSchema }),
).meta({ id: 'WatchDetails', description: 'One watch.' });

export const watchListSchema = describes<WatchList>()(
  z.object({
    items: z.array(watchDetailsSchema),
    more: z.boolean().meta({ description: `Whether there are more than these ${maxWatches}.` }),
  }),
).meta({ id: 'WatchList', description: 'The watches that are not stopped, by name.' });

export const askedWatchSchema = describes<AskedWatch>()(
  z.object({ scope: z.string(), workflowId: z.string(), runId: z.string(), url: z.string() }),
).meta({ id: 'AskedWatch', description: 'The run that was asked.' });

export const reconfigureResultSchema = describes<ReconfigureResult>()(
  z.object({
    changed: z.boolean().meta({ description: 'False when this configuration was in force already.' }),
    revision: z.int().meta({ description: 'The one in force now.' }),
  }),
).meta({ id: 'ReconfigureResult' });
