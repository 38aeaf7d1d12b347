import { z } from 'zod';
import { type FailureCode, failures } from '../../../domain/failures.ts';

/** A problem document, RFC 9457, as every answer of 400 and above is one. */
const problemSchema = z
  .object({
    type: z.string().meta({ description: 'A URI that names the kind of problem.' }),
    title: z.string().meta({ description: 'What the code means.' }),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: 'What went wrong this time, and what to do.' }),
    code: z
      .string()
      .regex(/^[a-z_]+$/)
      .meta({ description: 'For programs; docs/api.md lists them. New ones may come.' }),
    retryable: z.boolean().meta({ description: 'Whether the same request can succeed later.' }),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({
    id: 'Problem',
    description: 'What went wrong, as of RFC 9457.',
    examples: [
      {
        type: 'urn:podkeeper:problem:invalid_request',
        title: failures.invalid_request.meaning,
        status: 400,
        detail: 'query.limit: expected number, received NaN',
        code: 'invalid_request',
        retryable: false,
        requestId: '0f7c2a2e-2f0c-4f0e-9a55-0d1f6a1d6f1c',
        errors: [{ path: 'query.limit', message: 'expected number, received NaN' }],
      },
    ],
  });

type ProblemResponses = Readonly<Record<number, typeof problemSchema>>;

/** What any guarded route may answer beside its own codes. */
const common = ['unauthenticated', 'forbidden', 'rate_limited'] as const satisfies readonly FailureCode[];

/** The `response` entries for the codes a route may answer with, and for those any guarded route may. */
export function problemResponses(...own: readonly FailureCode[]): ProblemResponses {
  return publicProblemResponses(...common, ...own);
}

/** The `response` entries of a route that asks for no token. */
export function publicProblemResponses(...own: readonly FailureCode[]): ProblemResponses {
  const byStatus = Map.groupBy(new Set(own), (code) => failures[code].httpStatus);
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [status, problemSchema.meta({ description: describe(list) })]),
  );
}

/** What the document says of a status: each code with its meaning. */
function describe(list: readonly FailureCode[]): string {
  return list.map((code) => `\`${code}\`: ${failures[code].meaning}`).join('\n\n');
}
