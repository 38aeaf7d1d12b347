import type { AddRoutes } from '../http-app.ts';
import { problemResponses } from '../problems/responses.ts';
import { cancelReplay } from '../runs/replays/cancel-replay.ts';
import { readReplay } from '../runs/replays/read-replay.ts';
import {
  cancelledReplaySchema,
  replayDetailsSchema,
  replayParamsSchema,
  startedReplaySchema,
} from '../schemas/replays/replay-details.ts';
import { startHeadersSchema } from '../schemas/start.ts';
import { replayClassifications } from '../start/inputs/replay-classifications.ts';
import { startProblems, startRequested, validateStart } from '../start/start-requests.ts';
import { withTemporalDeadline } from '../with-temporal-deadline.ts';

const root = '/api/v1/classifications/replay';

/** Starts replays of failed classifications, looks at them and cancels them. */
export const replaysRoutes: AddRoutes = (app, dependencies) => {
  app.route({
    method: 'POST',
    url: root,
    config: { scope: 'replays:write' },
    schema: {
      operationId: 'startReplay',
      summary: 'Replay failed classifications',
      description:
        'Tries again what could not be classified, run by run. Without a body: all failed ones. With `dryRun` it only tells ' +
        'what would change. The address in Location tells how far it is.',
      tags: ['Replays'],
      headers: startHeadersSchema,
      body: replayClassifications.input.optional(),
      response: {
        202: startedReplaySchema.describe(
          'It runs. Sent again with its Idempotency-Key and body, it is not started twice.',
        ),
        ...startProblems,
      },
    },
    validatorCompiler: validateStart,
    async handler({ headers, body }, reply) {
      const asked = { workflow: replayClassifications, key: headers['idempotency-key'], body: body ?? {} };
      const { key: replayId, run } = await startRequested(dependencies, asked);
      reply.code(202).header('location', `${root}/${replayId}`);
      return { ...run, replayId };
    },
  });

  app.route({
    method: 'GET',
    url: `${root}/:replayId`,
    config: { scope: 'runs:read' },
    schema: {
      operationId: 'getReplay',
      summary: 'Look at a replay',
      description: 'How far it is, and in the end what it did, run by run. A pod worker answers for it.',
      tags: ['Replays'],
      params: replayParamsSchema,
      response: {
        200: replayDetailsSchema,
        ...problemResponses('invalid_request', 'not_found', 'no_worker', 'temporal_unavailable'),
      },
    },
    handler: async ({ params: { replayId } }) =>
      await withTemporalDeadline(dependencies, () => readReplay(dependencies, replayId)),
  });

  app.route({
    method: 'DELETE',
    url: `${root}/:replayId`,
    config: { scope: 'replays:write' },
    schema: {
      operationId: 'cancelReplay',
      summary: 'Cancel a replay',
      description: 'It ends with the runs it has begun; what was tried stays tried, and it can still be looked at.',
      tags: ['Replays'],
      params: replayParamsSchema,
      response: {
        202: cancelledReplaySchema.describe('It was asked to end, or had ended before. May be sent again.'),
        ...problemResponses('invalid_request', 'not_found', 'temporal_unavailable'),
      },
    },
    handler: async ({ params: { replayId } }, reply) => {
      reply.code(202);
      return await withTemporalDeadline(dependencies, () => cancelReplay(dependencies, replayId));
    },
  });
};
