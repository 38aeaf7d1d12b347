import { randomUUID } from 'node:crypto';
import type { AddRoutes, HttpApp, HttpDependencies } from '../http-app.ts';
import { validateRequest } from '../plugins/validation.ts';
import { Problem } from '../problems/problem.ts';
import { problemResponses } from '../problems/responses.ts';
import { startedRunSchema, startHeadersSchema } from '../schemas/start.ts';
import { bodyHash } from '../start/body-hash.ts';
import type { PublicWorkflow } from '../start/public-workflow.ts';
import { publicWorkflows } from '../start/public-workflows.ts';
import { startOnce } from '../start/start-once.ts';
import { withTemporalDeadline } from '../with-temporal-deadline.ts';

const root = '/api/v1/workflows';

/** Starts public workflows: one operation for each, so that each has its input in the OpenAPI document. */
export const workflowsRoutes: AddRoutes = (app, dependencies) => {
  for (const workflow of publicWorkflows) addStart(app, dependencies, workflow);
  app.route({
    method: 'POST',
    url: `${root}/:type`,
    config: { scope: 'workflows:write' },
    schema: { hide: true },
    handler() {
      const types = publicWorkflows.map(({ type }) => type).join(', ');
      throw new Problem('not_found', { detail: `There is no public workflow of this type. There are: ${types}.` });
    },
  });
};

function addStart(app: HttpApp, dependencies: HttpDependencies, workflow: PublicWorkflow): void {
  const { scope, operationId, summary, description } = workflow;
  app.route({
    method: 'POST',
    url: `${root}/${workflow.type}`,
    config: { scope },
    schema: {
      operationId,
      summary,
      description,
      tags: ['Workflows'],
      headers: startHeadersSchema,
      body: workflow.input,
      response: {
        200: startedRunSchema.describe('An earlier request with this Idempotency-Key and body started the run.'),
        201: startedRunSchema.describe('The run was started.'),
        ...problemResponses(
          'invalid_request',
          'already_exists',
          'body_too_large',
          'unsupported_media_type',
          'invalid_input',
          'idempotency_conflict',
          'temporal_unavailable',
        ),
      },
    },
    // A faulty input is 422 and told of by the handler; a faulty header is 400 like everywhere.
    validatorCompiler: ({ httpPart, method, url }) =>
      httpPart === 'body'
        ? (value: unknown) => ({ value })
        : validateRequest({ schema: startHeadersSchema, httpPart: 'headers', method, url }),
    async handler({ headers, body }, reply) {
      const key = headers['idempotency-key'] ?? randomUUID();
      const plan = workflow.planFrom(body, { dependencies, requestId: key, now: new Date() });
      const mark = { key, bodyHash: bodyHash(body) };
      const run = await withTemporalDeadline(dependencies, () => startOnce(dependencies, plan, mark));
      reply.code(run.started ? 201 : 200);
      return { ...run, url: dependencies.runUrl(run.workflowId, run.runId) };
    },
  });
}
