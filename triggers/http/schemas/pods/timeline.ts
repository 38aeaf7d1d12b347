import { z } from 'zod';
import type { TimelineEntry } from '../../../../domain/pods/run/pod-run.ts';
import type { Transition } from '../../../../domain/pods/transitions.ts';
import type { PodTimeline } from '../../../../workflows/pod-lifecycle.messages.ts';
import { describes } from '../describes.ts';
import { causeSchema, healthSchema, severitySchema } from './verdict.ts';

const at = z.string().meta({ description: 'RFC 3339.' });

const transition = describes<Transition>()(
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('Scheduled'), at, node: z.exactOptional(z.string()) }),
    z.object({ type: z.literal('ContainersStarted'), at }),
    z.object({ type: z.literal('Ready'), at }),
    z.object({ type: z.literal('NotReady'), at }),
    z.object({ type: z.literal('Restarted'), at, container: z.string(), count: z.int() }),
    z.object({ type: z.literal('SpecChanged'), at, fields: z.array(z.enum(['image', 'resources', 'labels'])) }),
    z.object({ type: z.literal('Terminating'), at, mode: z.enum(['graceful', 'forced']) }),
    z.object({ type: z.literal('Succeeded'), at }),
    z.object({ type: z.literal('Failed'), at }),
    z.object({ type: z.literal('Deleted'), at, mode: z.enum(['graceful', 'forced', 'inferred']) }),
  ]),
).meta({ id: 'Transition', description: 'What a change of the pod brought, as a fact; docs/classification.md.' });

export const timelineEntrySchema = describes<TimelineEntry>()(
  z.object({
    version: z.string(),
    observedAt: at,
    taskName: z.string().meta({ examples: ['Pod added: web-5d4f'] }),
    tags: z.array(z.string()),
    operation: z.enum(['add', 'update', 'delete', 'leftScope', 'review']),
    transitions: z.array(transition),
    health: healthSchema,
    incident: z.boolean(),
    primary: causeSchema.nullable(),
    severity: severitySchema.nullable(),
    summary: z.string().nullable().meta({ description: 'The sentence of the primary finding.' }),
    changeClassified: z.literal(true),
    rulesVersion: z.string().meta({ description: 'Of the user rules that were applied; `none` without.' }),
    elapsedMs: z.number(),
    attempt: z.int().meta({ description: 'Which classification of its pod this is, from 1.' }),
    team: z.exactOptional(z.string()).meta({ description: 'Set by a user rule.' }),
    rules: z
      .exactOptional(z.array(z.string()))
      .meta({ description: 'Names of the user rules that matched; absent when none did.' }),
  }),
).meta({ id: 'TimelineEntry', description: 'One classification: the verdict in short, all transitions in full.' });

export const podTimelineSchema = describes<PodTimeline>()(
  z.object({
    entries: z.array(timelineEntrySchema).meta({ description: 'The newest 50, oldest first.' }),
    dropped: z.int().meta({ description: 'Older entries that are no longer kept.' }),
  }),
).meta({ id: 'PodTimeline' });
