import { offlineDependencies } from '../../../dev/openapi/offline-dependencies.ts';
import type { Scope } from '../../../domain/scopes.ts';
import { createHttpApp } from '../../../triggers/http/app.ts';
import type {
  AddRoutes,
  Authenticate,
  HttpApp,
  HttpDependencies,
  HttpLimits,
} from '../../../triggers/http/http-app.ts';
import { Problem } from '../../../triggers/http/problems/problem.ts';
import { serve } from '../../../triggers/http/serve.ts';
import { captureLog, type LogCapture } from '../log-capture.ts';

/** The API around routes of a test, on a loopback port, with no server behind it. */
export interface BareApp {
  readonly app: HttpApp;
  readonly origin: string;
  readonly port: number;
  readonly log: LogCapture;
  readonly dependencies: HttpDependencies;
  stop(graceSeconds: number): Promise<void>;
  close(): Promise<void>;
}

export interface BareAppOptions {
  readonly routes?: readonly AddRoutes[];
  readonly limits?: Partial<HttpLimits>;
  readonly authenticate?: Authenticate;
  readonly checks?: HttpDependencies['checks'];
}

/** Takes `Bearer <subject>:<scope>,<scope>` as a token. */
const trusting: Authenticate = ({ authorization }) => {
  const [, subject, held] = /^Bearer (\w+):(.*)$/.exec(authorization ?? '') ?? [];
  if (subject === undefined || held === undefined) return Promise.reject(new Problem('unauthenticated'));
  return Promise.resolve({ subject, scopes: new Set(held.split(',') as Scope[]) });
};

export async function startBareApp(options: BareAppOptions = {}): Promise<BareApp> {
  const log = captureLog();
  const offline = offlineDependencies();
  const dependencies: HttpDependencies = {
    ...offline,
    limits: { ...offline.limits, ...options.limits },
    authenticate: options.authenticate ?? trusting,
    checks: options.checks ?? [],
    logger: log.logger,
  };
  const app = await createHttpApp(dependencies, options.routes);
  const { port, stop } = await serve({ app, host: '127.0.0.1', port: 0, logger: log.logger });
  return { app, origin: `http://127.0.0.1:${port}`, port, log, dependencies, stop, close: () => stop(0) };
}
