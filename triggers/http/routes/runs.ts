import { z } from 'zod';
import type { AddRoutes } from '../http-app.ts';
import { problemResponses } from '../problems/responses.ts';
import { listRuns } from '../runs/list-runs.ts';
import { readRun } from '../runs/read-run.ts';
import { runDetailsSchema } from '../schemas/runs/run-details.ts';
import { runsQuerySchema } from '../schemas/runs/run-query.ts';
import { runListSchema } from '../schemas/runs/run-row.ts';
import { withTemporalDeadline } from '../with-temporal-deadline.ts';

/** Looks at runs. */
export const runsRoutes: AddRoutes = (app, dependencies) => {
  app.route({
    method: 'GET',
    url: '/api/v1/runs',
    config: { scope: 'runs:read' },
    schema: {
      operationId: 'listRuns',
      summary: 'List runs',
      description:
        'Runs of this cluster, open ones first, then those that closed last. All filters must fit; each is matched exactly. ' +
        'Lists are up to date within a second or two.',
      tags: ['Runs'],
      querystring: runsQuerySchema,
      response: { 200: runListSchema, ...problemResponses('invalid_request', 'temporal_unavailable') },
    },
    handler: async ({ query: { limit, cursor, ...filter } }) =>
      await withTemporalDeadline(dependencies, () => listRuns(dependencies, { filter, limit, cursor })),
  });

  app.route({
    method: 'GET',
    url: '/api/v1/runs/*',
    config: { scope: 'runs:read' },
    schema: {
      operationId: 'getRun',
      summary: 'Look at one run',
      description:
        'What a run knows, open or closed, as long as Temporal keeps it. The id may be written with its slashes or with %2F. ' +
        'A pod worker answers for the run; GET /api/v1/runs needs none.',
      tags: ['Runs'],
      params: z.strictObject({
        '*': z.string().meta({ description: 'The id of the run.', examples: ['pod/local/shop/web-5d4f/0f6e…'] }),
      }),
      querystring: z.strictObject({
        runId: z.uuid().optional().meta({ description: 'One run of the id; the latest when left out.' }),
      }),
      response: {
        200: runDetailsSchema,
        ...problemResponses('invalid_request', 'not_found', 'no_worker', 'temporal_unavailable'),
      },
    },
    handler: async ({ params: { '*': workflowId }, query: { runId } }) =>
      await withTemporalDeadline(dependencies, () => readRun(dependencies, { workflowId, runId })),
  });
};
