import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import type { Scope } from '../../../domain/scopes.ts';
import type { Authenticate, Caller, HttpApp, HttpDependencies } from '../http-app.ts';
import { Problem } from '../problems/problem.ts';

const windowMs = 60_000;
/** Callers whose requests are counted at once; beyond, the one not seen for longest is forgotten. */
const rememberedCallers = 10_000;

/**
 * Before a body is read: finds out who calls, refuses who calls too often, and who lacks the scope of the route. A
 * request without an acceptable token counts for its address, so that guessing tokens is slow.
 */
export async function addAdmission(
  app: HttpApp,
  { authenticate, limits }: Pick<HttpDependencies, 'authenticate' | 'limits'>,
): Promise<void> {
  await app.register(rateLimit, { global: false, cache: rememberedCallers });
  const countRequest = app.createRateLimit({
    max: limits.requestsPerMinute,
    timeWindow: windowMs,
    keyGenerator: callerKey,
  });
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    const { scope, unlimited } = request.routeOptions.config;
    // An address that is not there asks for no scope.
    const guarded = scope === undefined || scope === 'public' ? undefined : scope;
    const found = guarded === undefined ? null : await identify(request, authenticate);
    if (!(found instanceof Problem)) request.caller = found;
    if (unlimited !== true) {
      const count = await countRequest(request);
      if (!count.isAllowed && count.isExceeded) throw tooMany(limits.requestsPerMinute, count.ttlInSeconds);
    }
    if (found instanceof Problem) throw found;
    if (guarded !== undefined && found?.scopes.has(guarded) !== true) throw lacksScope(guarded);
  });
}

async function identify(request: FastifyRequest, authenticate: Authenticate): Promise<Caller | Problem> {
  try {
    return await authenticate(request.headers);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

function callerKey({ caller, ip }: FastifyRequest): string {
  return caller === null ? `address ${normalizeIP(ip)}` : `subject ${caller.subject}`;
}

function tooMany(perMinute: number, waitSeconds: number): Problem {
  return new Problem('rate_limited', {
    detail: `This caller has sent its ${perMinute} requests of this minute.`,
    retryAfterSeconds: waitSeconds,
  });
}

function lacksScope(scope: Scope): Problem {
  return new Problem('forbidden', {
    detail: `The token lacks the scope ${scope}.`,
    headers: { 'www-authenticate': `Bearer realm="podkeeper", error="insufficient_scope", scope="${scope}"` },
  });
}
