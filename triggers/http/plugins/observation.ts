import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpApp, HttpDependencies } from '../http-app.ts';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Counts each answer by the pattern of its route, never by the path, and writes one line of log for it. */
export function addObservation(app: HttpApp, { metrics }: Pick<HttpDependencies, 'metrics'>): void {
  app.addHook('onRequest', (request, reply, next) => {
    reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff' });
    next();
  });
  app.addHook('onResponse', (request, reply, next) => {
    recordAnswer({ request, reply, metrics });
    next();
  });
}

interface Answered {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly metrics: HttpDependencies['metrics'];
}

/** Also for the answers that no hook sees. */
export function recordAnswer({ request, reply, metrics }: Answered): void {
  const { statusCode: status, elapsedTime: ms } = reply;
  const route = routePattern(request);
  const method = methods.has(request.method) ? request.method : 'other';
  metrics.httpRequests.inc({ route, method, status: String(status) });
  metrics.httpRequestSeconds.observe({ route }, ms / 1000);
  const level = request.routeOptions.config.unlimited === true ? 'debug' : 'info';
  const subject = request.caller?.subject;
  request.log[level]({ method, route, status, ms: Math.round(ms), subject }, 'answered');
}

function routePattern(request: FastifyRequest): string {
  return request.routeOptions.config.scope === undefined ? 'unknown' : (request.routeOptions.url ?? 'unknown');
}
