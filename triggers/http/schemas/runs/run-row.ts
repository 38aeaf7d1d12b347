import { z } from 'zod';
import type { RunRow } from '../../../../platform/temporal/runs/run-row.ts';
import type { RunList } from '../../runs/list-runs.ts';
import { describes } from '../describes.ts';

/** Temporal's statuses as rows show them. */
export const runStatuses = [
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'TERMINATED',
  'CONTINUED_AS_NEW',
  'TIMED_OUT',
] as const;

export const runRowSchema = describes<RunRow>()(
  z.object({
    workflowId: z.string().meta({ examples: ['pod/local/shop/web-5d4f/0f6e…'] }),
    runId: z.string(),
    type: z.string().meta({ examples: ['podLifecycle'] }),
    status: z.string().meta({ description: `Of the run itself: ${runStatuses.join(', ')}.` }),
    startedAt: z.string().meta({ description: 'RFC 3339.' }),
    closedAt: z.string().nullable(),
    state: z
      .string()
      .nullable()
      .meta({
        description: 'What the run stands for: the health of a pod, `classification-failed`, `watching` …',
        examples: ['Degraded'],
      }),
    cause: z
      .string()
      .nullable()
      .meta({ description: 'Primary cause of the last incident.', examples: ['OOMKilled'] }),
    severity: z.string().nullable(),
    restarts: z.int().nullable(),
    tags: z.array(z.string()),
    url: z.string().nullable().meta({ description: 'Its page in the Temporal UI.' }),
  }),
).meta({ id: 'RunRow', description: 'One run, as lists show it.' });

export const runListSchema = describes<RunList>()(
  z.object({
    items: z.array(runRowSchema),
    nextCursor: z
      .string()
      .nullable()
      .meta({ description: 'Send it as `cursor` for the next page; null on the last one.' }),
  }),
).meta({ id: 'RunList', description: 'A page of runs, newest first.' });
