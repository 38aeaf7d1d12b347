import { randomUUID } from 'node:crypto';
import type { AddRoutes } from '../http-app.ts';
import { validateRequest } from '../plugins/validation.ts';
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
import { bodyHash } from '../start/body-hash.ts';
import { replayClassifications } from '../start/inputs/replay-classifications.ts';
import { startOnce } from '../start/start-once.ts';
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
    // As for POST /api/v1/workflows: a faulty input is 422 and told of by the handler.
    validatorCompiler: ({ httpPart, method, url }) =>
      httpPart === 'body'
        ? (value: unknown) => ({ value })
        : validateRequest({ schema: startHeadersSchema, httpPart: 'headers', method, url }),
    async handler({ headers, body }, reply) {
      const replayId = headers['idempotency-key'] ?? randomUUID();
      const asked = body ?? {};
      const plan = replayClassifications.planFrom(asked, { dependencies, requestId: replayId, now: new Date() });
      const mark = { key: replayId, bodyHash: bodyHash(asked) };
      const run = await withTemporalDeadline(dependencies, () => startOnce(dependencies, plan, mark));
      reply.code(202).header('location', `${root}/${replayId}`);
      return { ...run, url: dependencies.runUrl(run.workflowId, run.runId), replayId };
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
