import { z } from 'zod';
import type {
  ContainerSnapshot,
  ContainerStateSnapshot,
  PodSnapshot,
} from '../../../../domain/pods/snapshot/pod-snapshot.ts';
import { describes } from '../describes.ts';

const text = z.exactOptional(z.string());
const whole = z.exactOptional(z.int());
const texts = z.record(z.string(), z.string());

const probe = z.exactOptional(
  z.object({
    initialDelaySeconds: z.int(),
    periodSeconds: z.int(),
    failureThreshold: z.int(),
    timeoutSeconds: z.int(),
    terminationGracePeriodSeconds: whole,
  }),
);

const containerState = describes<ContainerStateSnapshot>()(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('waiting'), reason: text, message: text }),
    z.object({ kind: z.literal('running'), startedAt: text }),
    z.object({
      kind: z.literal('terminated'),
      exitCode: z.int(),
      signal: whole,
      reason: text,
      message: text,
      startedAt: text,
      finishedAt: text,
    }),
  ]),
).meta({ id: 'ContainerState' });

const container = describes<ContainerSnapshot>()(
  z.object({
    name: z.string(),
    type: z.enum(['app', 'init', 'sidecar', 'ephemeral']),
    image: text,
    restartPolicy: text,
    restartPolicyRules: z.exactOptional(
      z.array(z.object({ action: z.string(), operator: text, exitCodes: z.exactOptional(z.array(z.int())) })),
    ),
    requests: z.exactOptional(texts),
    limits: z.exactOptional(texts),
    liveness: probe,
    readiness: probe,
    startup: probe,
    postStart: z.exactOptional(z.literal(true)),
    preStop: z.exactOptional(z.literal(true)),
    status: z.exactOptional(
      z.object({
        ready: z.boolean(),
        started: z.exactOptional(z.boolean()),
        restartCount: z.int(),
        state: z.exactOptional(containerState),
        lastState: z.exactOptional(containerState),
      }),
    ),
  }),
).meta({ id: 'Container' });

export const podSnapshotSchema = describes<PodSnapshot>()(
  z.object({
    uid: z.string(),
    namespace: z.string(),
    name: z.string(),
    version: z.string().meta({ description: 'metadata.resourceVersion; empty when the sender gave none.' }),
    createdAt: text,
    labels: texts,
    owner: z.exactOptional(z.object({ kind: z.string(), name: z.string(), uid: z.string() })),
    nodeName: text,
    phase: z.string(),
    reason: text,
    message: text,
    qosClass: text,
    startTime: text,
    restartPolicy: text,
    terminationGracePeriodSeconds: whole,
    activeDeadlineSeconds: whole,
    deletionTimestamp: text,
    deletionGracePeriodSeconds: whole,
    finalizers: z.array(z.string()),
    schedulingGates: z.array(z.string()),
    readinessGates: z.array(z.string()),
    conditions: z.array(
      z.object({ type: z.string(), status: z.string(), reason: text, message: text, lastTransitionTime: text }),
    ),
    containers: z.array(container),
    truncated: z
      .exactOptional(z.array(z.string()))
      .meta({ description: 'What was cut to keep the bounds.', examples: [['labels (12 dropped)']] }),
  }),
).meta({ id: 'PodSnapshot', description: 'The compact, bounded copy of the Pod that was judged last.' });
