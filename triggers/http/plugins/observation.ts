import type { FastifyRequest } from 'fastify';
import type { HttpApp, HttpDependencies } from '../http-app.ts';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Counts each answer by the pattern of its route, never by the path, and writes one line of log for it. */
export function addObservation(app: HttpApp, { metrics }: Pick<HttpDependencies, 'metrics'>): void {
  app.addHook('onRequest', (request, reply, next) => {
    reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff' });
    next();
  });
  app.addHook('onResponse', (request, reply, next) => {
    const route = routePattern(request);
    const method = methods.has(request.method) ? request.method : 'other';
    metrics.httpRequests.inc({ route, method, status: String(reply.statusCode) });
    metrics.httpRequestSeconds.observe({ route }, reply.elapsedTime / 1000);
    const level = request.routeOptions.config.unlimited === true ? 'debug' : 'info';
    request.log[level](
      { method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime), subject: request.caller?.subject },
      'answered',
    );
    next();
  });
}

function routePattern(request: FastifyRequest): string {
  return request.routeOptions.config.scope === undefined ? 'unknown' : (request.routeOptions.url ?? 'unknown');
}
