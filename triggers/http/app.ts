import fastify, { LogController } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { AddRoutes, HttpApp, HttpDependencies } from './http-app.ts';
import { addOpenapi, docsPath } from './openapi/add-openapi.ts';
import { addAdmission } from './plugins/admission.ts';
import { checkScopes } from './plugins/check-scopes.ts';
import { createClientErrors } from './plugins/client-errors.ts';
import { addJsonBody } from './plugins/json-body.ts';
import { connectionLimits, requestLimits } from './plugins/limits.ts';
import { addObservation, recordAnswer } from './plugins/observation.ts';
import { addRequestBounds } from './plugins/request-bounds.ts';
import { requestId } from './plugins/request-id.ts';
import { addUnknownAddresses } from './plugins/unknown-addresses.ts';
import { validateRequest } from './plugins/validation.ts';
import { sendProblem } from './problems/send-problem.ts';
import { podEventsRoutes } from './routes/pod-events.ts';
import { podsRoutes } from './routes/pods.ts';
import { replaysRoutes } from './routes/replays.ts';
import { runsRoutes } from './routes/runs.ts';
import { serviceRoutes } from './routes/service.ts';
import { watchesRoutes } from './routes/watches.ts';
import { workflowsRoutes } from './routes/workflows.ts';

/** Every route file of the API. */
const routes: readonly AddRoutes[] = [
  serviceRoutes,
  podEventsRoutes,
  workflowsRoutes,
  runsRoutes,
  podsRoutes,
  watchesRoutes,
  replaysRoutes,
];

/** Builds the API without listening. `routes` is for tests of the parts around them. */
export async function createHttpApp(
  dependencies: HttpDependencies,
  added: readonly AddRoutes[] = routes,
): Promise<HttpApp> {
  const { limits, logger } = dependencies;
  const requestTimeoutMs = limits.requestTimeoutSeconds * 1000;
  const clientErrors = createClientErrors(logger);
  const app: HttpApp = fastify({
    loggerInstance: logger,
    genReqId: requestId,
    logController: new LogController({ requestIdLogLabel: 'requestId', disableRequestLogging: true }),
    bodyLimit: requestLimits.bodyBytes,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: connectionLimits.keepAliveMs,
    http: {
      maxHeaderSize: requestLimits.headerBytes,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: connectionLimits.checkIntervalMs,
      // Node would answer without a problem document; `addRequestBounds` asks for the header.
      requireHostHeader: false,
    },
    routerOptions: { maxParamLength: requestLimits.parameterLength },
    // A request that comes while the process stops is answered, and its connection closed after it.
    return503OnClosing: false,
    // A path that cannot be decoded; no hook sees it.
    frameworkErrors: (error, request, reply) => {
      void sendProblem(error, request, reply);
      recordAnswer({ request, reply, metrics: dependencies.metrics });
    },
    clientErrorHandler: clientErrors.answer,
  }).withTypeProvider<ZodTypeProvider>();
  app.server.maxConnections = connectionLimits.connections;
  // Headers past this number would be dropped without a word; `addRequestBounds` refuses them instead.
  app.server.maxHeadersCount = 0;
  // Node would refuse an Expect it does not know; nothing here depends on one.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  app.setValidatorCompiler(validateRequest);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendProblem);
  addUnknownAddresses(app);
  checkScopes(app, docsPath);
  clientErrors.follow(app);
  addObservation(app, dependencies);
  addRequestBounds(app);
  addJsonBody(app);
  await addAdmission(app, dependencies);
  await addOpenapi(app);
  for (const add of added) add(app, dependencies);
  return app;
}
