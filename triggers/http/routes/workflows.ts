import type { AddRoutes, HttpApp, HttpDependencies } from '../http-app.ts';
import { Problem } from '../problems/problem.ts';
import { startedRunSchema, startHeadersSchema } from '../schemas/start.ts';
import type { PublicWorkflow } from '../start/public-workflow.ts';
import { publicWorkflows } from '../start/public-workflows.ts';
import { startProblems, startRequested, validateStart } from '../start/start-requests.ts';

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
        ...startProblems,
      },
    },
    validatorCompiler: validateStart,
    async handler({ headers, body }, reply) {
      const { run } = await startRequested(dependencies, { workflow, key: headers['idempotency-key'], body });
      reply.code(run.started ? 201 : 200);
      return run;
    },
  });
}
