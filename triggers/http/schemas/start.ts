import { z } from 'zod';

/** Safe in ids and addresses: the unreserved characters of RFC 3986. */
const idempotencyKey = z
  .string()
  .regex(/^[A-Za-z0-9._~-]{1,64}$/, 'is not 1 to 64 characters of A-Z a-z 0-9 . _ ~ -')
  .meta({
    description:
      'Makes it safe to send the request again: one key and one body start one run. Use a new random key, such as a ' +
      'UUID, for each new request. Where the body says the run id (podLifecycle, watchPods), a key counts for that id ' +
      'alone: with a body for another id it starts another run.',
  });

export const startHeadersSchema = z.looseObject({ 'idempotency-key': idempotencyKey.optional() });

export const startedRunSchema = z
  .object({
    workflowId: z.string(),
    runId: z.string(),
    url: z.url().meta({ description: "The run's page in the Temporal UI." }),
    started: z.boolean().meta({
      description: 'False when an earlier request with this Idempotency-Key and body started it.',
    }),
  })
  .meta({ id: 'StartedRun' });
