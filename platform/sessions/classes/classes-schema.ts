import { z } from 'zod';
import {
  classesFileLimits,
  env,
  image,
  nodeSelector,
  path,
  quantities,
  tolerationKeys,
  tolerations,
  whole,
} from './class-values.ts';

const resources = z.strictObject({
  requests: quantities
    .exactOptional()
    .meta({ description: 'What the pod asks for; a resource left out is as in the environment.' }),
  limits: quantities
    .exactOptional()
    .meta({ description: 'What it may use; a resource left out is as in the environment.' }),
});

const sessionClass = z.strictObject({
  image: image.exactOptional().meta({
    description: 'Image of its pods. Needed, but in the class `default`, which takes SESSION_POD_IMAGE.',
  }),
  port: whole(1, 65_535).exactOptional().meta({ description: 'Port its pods listen on; 8080 when left out.' }),
  resources: resources.exactOptional().meta({
    description: 'CPU, memory and others; what is left out is as SESSION_POD_CPU_REQUEST and the like say.',
  }),
  env: env.exactOptional().meta({
    description: 'Environment of its pods, texts. SESSION_ID, STATE_FILE_PATH, PORT, POD_UID and PODKEEPER_* are ours.',
  }),
  probePath: path.exactOptional().meta({
    description: 'A pod is ready when this answers 2xx or 3xx; /healthz when left out.',
    examples: ['/healthz'],
  }),
  idleTimeoutSeconds: whole(1, 604_800).exactOptional().meta({
    description: 'How long a session lives without a request; IDLE_TIMEOUT_SECONDS when left out.',
  }),
  maxLifetimeSeconds: whole(60, 2_592_000).exactOptional().meta({
    description: 'How long a pod lives at most, however busy; 28800 (8 hours) when left out.',
  }),
  holdSeconds: whole(1, 120).exactOptional().meta({
    description: 'How long a request waits for its pod before it is answered 503 "starting"; 30 when left out.',
  }),
  drainSeconds: whole(0, 3600).exactOptional().meta({
    description: 'How long requests in flight may go on when a session is ended; 30 when left out.',
  }),
  bodyLimitBytes: whole(1, classesFileLimits.bodyBytes).exactOptional().meta({
    description: 'The biggest body of a request; 10485760 (10 MiB) when left out.',
  }),
  identity: z.enum(['native', 'none']).exactOptional().meta({
    description: 'Whether pods prove themselves to the gateway; native when left out. `none` is for any image.',
  }),
  openSocketIsActive: z.boolean().exactOptional().meta({
    description: 'Whether an open WebSocket alone keeps a session alive; true when left out.',
  }),
  busyPath: path
    .nullable()
    .exactOptional()
    .meta({
      description:
        'Asked before an idle session is ended; 200 with {"busy": true} keeps it. Nobody is asked when left out.',
      examples: ['/busy'],
    }),
  nodeSelector: nodeSelector.exactOptional().meta({ description: 'Labels of the nodes its pods may go to.' }),
  tolerations: tolerations.exactOptional().meta({ description: "Taints of nodes its pods bear, as in a pod's spec." }),
});

/** One class as it is written. */
export type WrittenClass = z.infer<typeof sessionClass>;

/** The content of `session-classes.yaml`. `reportInput` has to be set, for messages that show what was given. */
export const classesSchema = z
  .strictObject({
    version: z.literal(1).meta({ description: 'Version of this format.' }),
    classes: z
      .record(
        z
          .string()
          .regex(
            /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
            'is no name of a class: use a-z, 0-9 and "-", at most 63 characters',
          ),
        sessionClass,
      )
      .refine(
        (all) => Object.keys(all).length <= classesFileLimits.classes,
        `has more than ${classesFileLimits.classes} classes`,
      )
      .meta({ description: 'Classes by name. Requests choose one with the header X-Podkeeper-Class.' }),
  })
  .meta({
    title: 'Podkeeper session classes',
    description: 'Classes of session pods. See docs/sessions.md.',
  });

/** The keys there are at each place, for suggestions. */
export const knownClassKeys = {
  file: ['version', 'classes'],
  class: Object.keys(sessionClass.shape),
  resources: Object.keys(resources.shape),
  toleration: tolerationKeys,
} as const;

/** The same as JSON Schema, for editors; docs/session-classes.schema.json holds it. */
export function classesJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(classesSchema, { target: 'draft-7', io: 'input' });
}
