import type { WatchAction } from '../../../workflows/watch-pods.messages.ts';
import type { AddRoutes, HttpApp, HttpDependencies } from '../http-app.ts';
import { problemResponses } from '../problems/responses.ts';
import { controlWatch } from '../runs/watches/control-watch.ts';
import { listWatches, readWatchDetails } from '../runs/watches/read-watches.ts';
import { reconfigureWatch } from '../runs/watches/reconfigure-watch.ts';
import {
  askedWatchSchema,
  reconfigureResultSchema,
  watchDetailsSchema,
  watchListSchema,
} from '../schemas/watches/watch-details.ts';
import { watchChangeSchema, watchParamsSchema } from '../schemas/watches/watch-request.ts';
import { withTemporalDeadline } from '../with-temporal-deadline.ts';

const root = '/api/v1/watches';

const actions: Readonly<Record<WatchAction, { readonly summary: string; readonly description: string }>> = {
  pause: {
    summary: 'Pause a watch',
    description:
      'It ends its interval with its checkpoint and waits. A paused watch stays paused when workers restart.',
  },
  resume: { summary: 'Resume a watch', description: 'It goes on from its checkpoint: nothing in between is lost.' },
  stop: {
    summary: 'Stop a watch',
    description:
      'It ends for good with its checkpoint. A watch worker that starts with this scope, or ' +
      '`POST /api/v1/workflows/watchPods`, begins a new one.',
  },
};

/** Looks at watches and controls them. */
export const watchesRoutes: AddRoutes = (app, dependencies) => {
  app.route({
    method: 'GET',
    url: root,
    config: { scope: 'runs:read' },
    schema: {
      operationId: 'listWatches',
      summary: 'List watches',
      description: 'Those of this cluster that are not stopped. A pod worker answers for them.',
      tags: ['Watches'],
      response: { 200: watchListSchema, ...problemResponses('no_worker', 'temporal_unavailable') },
    },
    handler: async () => await withTemporalDeadline(dependencies, () => listWatches(dependencies)),
  });

  app.route({
    method: 'GET',
    url: `${root}/:scope`,
    config: { scope: 'runs:read' },
    schema: {
      operationId: 'getWatch',
      summary: 'Look at a watch',
      description: 'Mode, configuration, checkpoint, gaps and missing permissions, and what its holder said last.',
      tags: ['Watches'],
      params: watchParamsSchema,
      response: {
        200: watchDetailsSchema,
        ...problemResponses('invalid_request', 'not_found', 'no_worker', 'temporal_unavailable'),
      },
    },
    handler: async ({ params: { scope } }) =>
      await withTemporalDeadline(dependencies, () => readWatchDetails(dependencies, scope)),
  });

  for (const action of Object.keys(actions) as WatchAction[]) addAction(app, dependencies, action);

  app.route({
    method: 'PUT',
    url: `${root}/:scope/configuration`,
    config: { scope: 'watches:write' },
    schema: {
      operationId: 'reconfigureWatch',
      summary: 'Reconfigure a watch',
      description:
        'Changes what is given; the rest stays. A watch worker that starts later brings its own configuration, unless ' +
        '`revision` here is higher than its WATCH_REVISION. A pod worker answers for the run.',
      tags: ['Watches'],
      params: watchParamsSchema,
      body: watchChangeSchema,
      response: {
        200: reconfigureResultSchema,
        ...problemResponses(
          'invalid_request',
          'not_found',
          'stale_revision',
          'body_too_large',
          'unsupported_media_type',
          'invalid_scope',
          'no_worker',
          'temporal_unavailable',
        ),
      },
    },
    handler: async ({ params: { scope }, body: { configuration: changes, revision } }) =>
      await withTemporalDeadline(dependencies, () =>
        reconfigureWatch(dependencies, { scope, changes, ...(revision === undefined ? {} : { revision }) }),
      ),
  });
};

function addAction(app: HttpApp, dependencies: HttpDependencies, action: WatchAction): void {
  app.route({
    method: 'POST',
    url: `${root}/:scope/${action}`,
    config: { scope: 'watches:write' },
    schema: {
      operationId: `${action}Watch`,
      ...actions[action],
      tags: ['Watches'],
      params: watchParamsSchema,
      response: {
        202: askedWatchSchema.describe('It was asked to. May be sent again.'),
        ...problemResponses('invalid_request', 'not_found', 'temporal_unavailable'),
      },
    },
    handler: async ({ params: { scope } }, reply) => {
      reply.code(202);
      return await withTemporalDeadline(dependencies, () => controlWatch(dependencies, { scope, action }));
    },
  });
}
