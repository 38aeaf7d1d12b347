import type { AddRoutes } from '../http-app.ts';
import { problemResponses } from '../problems/responses.ts';
import { readPod } from '../runs/read-pod.ts';
import { namedPodSchema, podParamsSchema } from '../schemas/pods/named-pod.ts';
import { withTemporalDeadline } from '../with-temporal-deadline.ts';

/** Looks at pods by their names. */
export const podsRoutes: AddRoutes = (app, dependencies) => {
  app.route({
    method: 'GET',
    url: '/api/v1/pods/:namespace/:name',
    config: { scope: 'runs:read' },
    schema: {
      operationId: 'getPod',
      summary: 'Look at a pod',
      description:
        'The pod that has a name now, and those that had it before, each with its timeline. A pod worker answers for the runs.',
      tags: ['Pods'],
      params: podParamsSchema,
      response: {
        200: namedPodSchema,
        ...problemResponses('invalid_request', 'not_found', 'no_worker', 'temporal_unavailable'),
      },
    },
    handler: async ({ params }) => await withTemporalDeadline(dependencies, () => readPod(dependencies, params)),
  });
};
