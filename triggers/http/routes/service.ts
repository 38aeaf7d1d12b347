import { z } from 'zod';
import type { AddRoutes } from '../http-app.ts';
import { problemResponses } from '../problems/responses.ts';

const readinessSchema = z
  .object({
    ready: z.boolean(),
    checks: z.array(
      z.object({
        name: z.string(),
        problem: z.string().nullable().meta({ description: 'What is wrong, null when nothing is.' }),
      }),
    ),
  })
  .meta({ id: 'Readiness', examples: [{ ready: true, checks: [{ name: 'temporal', problem: null }] }] });

/** What the platform around the process asks for. */
export const serviceRoutes: AddRoutes = (app, { checks, metrics }) => {
  app.route({
    method: 'GET',
    url: '/health',
    config: { scope: 'public', unlimited: true },
    schema: {
      operationId: 'health',
      summary: 'Does the process answer?',
      description: 'For a liveness probe. Says nothing about Temporal.',
      tags: ['Service'],
      response: {
        200: z.object({ status: z.literal('ok') }).meta({ description: 'It does.', examples: [{ status: 'ok' }] }),
      },
    },
    handler: () => ({ status: 'ok' as const }),
  });

  app.route({
    method: 'GET',
    url: '/ready',
    config: { scope: 'public', unlimited: true },
    schema: {
      operationId: 'ready',
      summary: 'Can the process do its work?',
      description: 'For a readiness probe: 503 while Temporal does not answer and while the process stops.',
      tags: ['Service'],
      response: {
        200: readinessSchema.meta({ description: 'It can.' }),
        503: readinessSchema.meta({ description: 'It can not; the checks say why.' }),
      },
    },
    handler: async (_request, reply) => {
      const results = checks.map(({ name, problem }) => ({ name, problem: problem() ?? null }));
      const ready = results.every(({ problem }) => problem === null);
      return reply.code(ready ? 200 : 503).send({ ready, checks: results });
    },
  });

  app.route({
    method: 'GET',
    url: '/metrics',
    config: { scope: 'metrics:read' },
    schema: {
      operationId: 'metrics',
      summary: 'Metrics of this process',
      description: 'In the text format of Prometheus. METRICS_PORT serves the same without a token, for the cluster.',
      tags: ['Service'],
      produces: ['text/plain'],
      response: { 200: z.string().meta({ description: 'One sample a line.' }), ...problemResponses() },
    },
    handler: async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  });
};
