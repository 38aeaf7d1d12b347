import { randomUUID } from 'node:crypto';
import type { FastifySchemaCompiler } from 'fastify';
import type { HttpDependencies } from '../http-app.ts';
import { validateRequest } from '../plugins/validation.ts';
import { problemResponses } from '../problems/responses.ts';
import { startHeadersSchema } from '../schemas/start.ts';
import { withTemporalDeadline } from '../with-temporal-deadline.ts';
import { bodyHash } from './body-hash.ts';
import type { PublicWorkflow } from './public-workflow.ts';
import { type StartedRun, startOnce } from './start-once.ts';

/** What a route that starts a workflow may answer beside its success. */
export const startProblems = problemResponses(
  'invalid_request',
  'already_exists',
  'body_too_large',
  'unsupported_media_type',
  'invalid_input',
  'idempotency_conflict',
  'temporal_unavailable',
);

/** A faulty input is 422 and told of by the handler; a faulty header is 400 like everywhere. */
export const validateStart: FastifySchemaCompiler<unknown> = ({ httpPart, method, url }) =>
  httpPart === 'body'
    ? (value: unknown) => ({ value })
    : validateRequest({ schema: startHeadersSchema, httpPart: 'headers', method, url });

export interface StartRequest {
  readonly workflow: PublicWorkflow;
  /** The Idempotency-Key; a random one when there is none. */
  readonly key: string | undefined;
  readonly body: unknown;
}

/** Starts what a request asks for, once per key and body. Throws a Problem. */
export async function startRequested(
  dependencies: HttpDependencies,
  { workflow, body, key = randomUUID() }: StartRequest,
): Promise<{ readonly run: StartedRun & { readonly url: string }; readonly key: string }> {
  const plan = workflow.planFrom(body, { dependencies, requestId: key, now: new Date() });
  const mark = { key, bodyHash: bodyHash(body) };
  const run = await withTemporalDeadline(dependencies, () => startOnce(dependencies, plan, mark));
  return { run: { ...run, url: dependencies.runUrl(run.workflowId, run.runId) }, key };
}
