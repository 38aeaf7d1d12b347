import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Client, Connection } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Scope } from '../../domain/scopes.ts';
import type { ReadinessCheck } from '../../platform/health-server.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Metrics } from '../../platform/metrics.ts';
import type { RunUrl } from '../../platform/temporal/runs/run-url.ts';
import type { PodLifecycleInput } from '../../workflows/pod-lifecycle.messages.ts';
import type { WatchConfiguration } from '../../workflows/watch-pods.messages.ts';

/** The application with all of a request's parts typed by the zod schemas of its route. */
export type HttpApp = FastifyInstance<Server, IncomingMessage, ServerResponse, Logger, ZodTypeProvider>;

/** Who sent a request. */
export interface Caller {
  readonly subject: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** Throws a Problem `unauthenticated` when a request's headers hold no acceptable token. */
export type Authenticate = (headers: Pick<IncomingHttpHeaders, 'authorization' | 'host' | 'origin'>) => Promise<Caller>;

export interface HttpLimits {
  readonly requestsPerMinute: number;
  readonly requestTimeoutSeconds: number;
  readonly dispatchQueueLimit: number;
  /** Pod events on their way to Temporal at once. */
  readonly dispatchConcurrency: number;
}

/** What the routes work with. */
export interface HttpDependencies {
  readonly cluster: string;
  readonly client: Client & { readonly connection: Pick<Connection, 'withDeadline' | 'workflowService'> };
  readonly temporalNamespace: string;
  readonly runUrl: RunUrl;
  /** What runs and watches started here are given. */
  readonly runSettings: Pick<
    PodLifecycleInput,
    'classificationTimeoutMs' | 'failedRetentionSeconds' | 'idleCheckSeconds'
  >;
  readonly watchDefaults: WatchConfiguration;
  readonly authenticate: Authenticate;
  readonly limits: HttpLimits;
  /** As for `/ready`. */
  readonly checks: readonly ReadinessCheck[];
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Adds the routes of one file. */
export type AddRoutes = (app: HttpApp, dependencies: HttpDependencies) => void;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the caller's token must hold; `public` asks for no token. A route without it does not start. */
    scope?: Scope | 'public';
    /** Probes are never refused for coming too often. */
    unlimited?: boolean;
  }
  interface FastifyRequest {
    caller: Caller | null;
  }
}
