import { z } from 'zod';
import type { WatchGap } from '../../../../domain/pods/watch/watch-checkpoint.ts';
import type { WatchView } from '../../../../domain/pods/watch/watch-view.ts';
import type { WatchConfiguration } from '../../../../workflows/watch-pods.messages.ts';
import type { WatchStanding } from '../../runs/views/read-watch.ts';
import { describes } from '../describes.ts';

const configuration = describes<WatchConfiguration>()(
  z.object({
    scope: z.object({
      scopeName: z.string(),
      namespaces: z.array(z.string()).meta({ description: 'Empty: the whole cluster.' }),
      labelSelector: z.exactOptional(z.string()),
      excludePatterns: z.array(z.string()),
    }),
    podRuns: z.literal('all'),
    coalesceMs: z.int(),
    dispatchConcurrency: z.int(),
    queueLimit: z.int(),
    intervalSeconds: z.int(),
    classificationTimeoutMs: z.int(),
    failedRetentionSeconds: z.int(),
    idleCheckSeconds: z.int(),
  }),
).meta({ id: 'WatchConfiguration', description: 'What a watch does; docs/configuration.md names each setting.' });

const gap = describes<WatchGap>()(
  z.object({
    source: z.string().meta({ description: 'A namespace of the scope; empty for the whole cluster.' }),
    fromVersion: z.string(),
    toVersion: z.string(),
    fromTime: z.string(),
    toTime: z.string(),
    reason: z.string(),
  }),
).meta({ id: 'WatchGap', description: "A stretch of a watch whose updates can't be known." });

const view = describes<WatchView>()(
  z.object({
    holder: z.string().meta({ description: 'Host and process that hold the watch.' }),
    since: z.string(),
    pods: z.int(),
    streamAgeSeconds: z
      .number()
      .meta({ description: 'Since the last byte of the stream that has been silent the longest.' }),
    waiting: z.int().meta({ description: 'Changes read and not yet accepted by Temporal.' }),
    accepted: z.int(),
    late: z.int(),
    missingPermissions: z.array(z.string()),
  }),
).meta({ id: 'WatchView', description: 'What only the holder of a watch knows, as of its last heartbeat.' });

export const watchStandingSchema = describes<WatchStanding>()(
  z.object({
    mode: z.enum(['running', 'paused', 'stopping']),
    cluster: z.string(),
    configuration,
    configHash: z.string(),
    revision: z.int(),
    checkpoint: z
      .object({
        sources: z.record(z.string(), z.object({ version: z.string(), time: z.string() })),
        adopting: z.exactOptional(z.array(z.string())),
        epoch: z.int(),
      })
      .nullable()
      .meta({ description: 'Up to where every change was accepted by Temporal; as of the end of the last interval.' }),
    interval: z.int().meta({ description: 'How often the watch activity was scheduled.' }),
    gaps: z.array(gap).meta({ description: 'The newest 50, oldest first.' }),
    gapCount: z.int(),
    lastInterval: z.object({ endedBy: z.enum(['interval', 'shutdown', 'cancelled']), accepted: z.int() }).nullable(),
    missingPermissions: z.array(z.string()).meta({ description: 'As of the end of the last interval.' }),
    live: view.nullable().meta({ description: 'Null while nobody holds the watch.' }),
  }),
).meta({ id: 'WatchStanding', description: 'What a watch knows, and what its holder said last.' });
