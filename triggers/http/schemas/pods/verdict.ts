import { z } from 'zod';
import { causes, excuses, type Finding, severities, type Verdict } from '../../../../domain/pods/verdict/types.ts';
import { describes } from '../describes.ts';

export const causeSchema = z
  .enum(causes)
  .meta({ id: 'Cause', description: 'Why a pod is not well; docs/verdicts.md.' });
export const severitySchema = z.enum(severities).meta({ id: 'Severity', description: 'From worst to mildest.' });
export const healthSchema = z
  .enum(['Healthy', 'Progressing', 'Degraded', 'Failed', 'Completed', 'Terminating', 'Unknown'])
  .meta({ id: 'Health' });

const evidence = z.object({
  source: z.enum(['pod', 'previous-pod', 'event', 'node', 'log', 'metrics', 'manifest']),
  path: z.exactOptional(z.string()).meta({
    description: 'Where in the source.',
    examples: ['status.containerStatuses[app].lastState.terminated.reason'],
  }),
  value: z.string(),
  observedAt: z.exactOptional(z.string()),
});

const finding = describes<Finding>()(
  z.object({
    cause: causeSchema,
    category: z.enum([
      'crash',
      'startup',
      'scheduling',
      'probe',
      'disruption',
      'node',
      'termination',
      'workload',
      'informational',
    ]),
    severity: severitySchema,
    confidence: z.enum(['confirmed', 'likely', 'possible']),
    container: z.exactOptional(z.string()),
    containerType: z.exactOptional(z.enum(['app', 'init', 'sidecar', 'ephemeral'])),
    exitCode: z.exactOptional(z.int()),
    signal: z.exactOptional(z.string()).meta({ examples: ['SIGSEGV'] }),
    restarts: z.exactOptional(z.int()),
    detail: z.exactOptional(z.string()),
    explainedBy: z
      .exactOptional(causeSchema)
      .meta({ description: 'The cause of another finding of this verdict that explains this one.' }),
    excuse: z.exactOptional(z.enum(excuses)).meta({ description: 'Why this finding alone opens no incident.' }),
    summary: z.string(),
    remedy: z.exactOptional(z.string()).meta({ description: 'What to do.' }),
    evidence: z.array(evidence),
  }),
).meta({ id: 'Finding', description: 'One thing that is wrong, or worth knowing, with its evidence.' });

export const verdictSchema = describes<Verdict>()(
  z.object({
    schemaVersion: z.literal(1),
    health: healthSchema,
    incident: z.boolean(),
    primary: causeSchema.nullable(),
    findings: z.array(finding).meta({ description: 'The primary one first, then by weight.' }),
    droppedFindings: z.exactOptional(z.int()).meta({ description: 'Left out to keep the bounds; absent when none.' }),
  }),
).meta({ id: 'Verdict', description: 'What is known of a pod; docs/verdicts.md.' });
