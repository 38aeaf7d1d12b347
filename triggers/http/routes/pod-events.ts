import type { AddRoutes } from '../http-app.ts';
import { createEventTaking } from '../pod-events/take-events.ts';
import { problemResponses } from '../problems/responses.ts';
import { podEventsAnswerSchema, podEventsBodySchema } from '../schemas/pod-event.ts';

/** The webhook: pod events from anyone who is not the Kubernetes API. */
export const podEventsRoutes: AddRoutes = (app, dependencies) => {
  const events = createEventTaking(dependencies);
  app.route({
    method: 'POST',
    url: '/api/v1/pod-events',
    config: { scope: 'events:write' },
    schema: {
      operationId: 'sendPodEvents',
      summary: 'Send pod events',
      description:
        'One event, or an array of 1 to 500. An event is answered 202 once Temporal has it. One bad event does not ' +
        'keep the others of an array from being taken. Sending an event again is safe: its run counts it once.',
      tags: ['Pod events'],
      body: podEventsBodySchema,
      response: {
        202: podEventsAnswerSchema,
        ...problemResponses(
          'invalid_request',
          'body_too_large',
          'unsupported_media_type',
          'invalid_event',
          'dispatch_full',
          'temporal_unavailable',
        ),
      },
    },
    // Events are read one by one: a bad one must not refuse the others.
    validatorCompiler: () => (value: unknown) => ({ value }),
    async handler({ body }, reply) {
      const sent: unknown = body;
      reply.code(202);
      return Array.isArray(sent) ? await events.takeAll(sent) : await events.takeOne(sent);
    },
  });
};
