import { createConnection } from '../../../platform/kubernetes/connection/connection.ts';
import { type ReflectorOptions, createReflector } from '../../../platform/kubernetes/reflector/reflector.ts';
import type { KnownObject, ReflectorEvent } from '../../../platform/kubernetes/reflector/types.ts';
import { createMetrics } from '../../../platform/metrics.ts';
import type { TestObject } from './objects.ts';

export type FollowOptions = Partial<Omit<ReflectorOptions<TestObject>, 'connection' | 'signal' | 'metrics'>>;
export type TestEvent = ReflectorEvent<TestObject>;

/** Waits short enough for tests, in the proportions of the real ones. */
const quickBackoff = { firstMs: 8, maxMs: 60, resetAfterMs: 120_000, slowMs: 40 };

/** A reflector of pods at this server, and a consumer that takes and keeps every event. */
export async function follow(kubeconfigPath: string, options: FollowOptions = {}) {
  const connection = await createConnection({ kubeconfigPath });
  const metrics = createMetrics();
  const abort = new AbortController();
  const known = options.known ?? new Map<string, KnownObject>();
  const reflector = createReflector<TestObject>({
    connection,
    path: '/api/v1/pods',
    resource: 'pods',
    queueLimit: 1000,
    backoff: quickBackoff,
    ...options,
    known,
    metrics,
    signal: abort.signal,
  });
  const events: TestEvent[] = [];
  let wake: () => void = () => undefined;
  const done = (async () => {
    for await (const event of reflector) {
      events.push(event);
      wake();
    }
  })();

  return {
    reflector,
    known,
    metrics,
    connection,
    events,
    /** Resolves when the reflector's iteration has ended. */
    done,
    abort: () => abort.abort(),
    /** Waits until the events taken so far satisfy the condition. */
    until: async (condition: (events: readonly TestEvent[]) => boolean): Promise<void> => {
      while (!condition(events)) {
        const more = new Promise<void>((resolve) => (wake = resolve));
        await Promise.race([more, done.then(() => Promise.reject(new Error('The reflector ended')))]);
      }
    },
    stop: async (): Promise<void> => {
      abort.abort();
      await done;
      await connection.close();
    },
  };
}

export type Following = Awaited<ReturnType<typeof follow>>;

/** Events as short words: `added uid-a@5`, `deleted uid-a@7 inferred`, `gap 5→9 expired`, `relisted 9 (2)`. */
export function words(events: readonly TestEvent[]): string[] {
  return events.map((event) => {
    switch (event.kind) {
      case 'added':
      case 'modified':
        return `${event.kind} ${event.uid}@${event.version}${event.fromList ? ' listed' : ''}`;
      case 'deleted':
        return `deleted ${event.uid}@${event.version}${event.inferred ? ' inferred' : ''}`;
      case 'epoch':
        return 'epoch';
      case 'bookmark':
        return `bookmark ${event.version}`;
      case 'relisted':
        return `relisted ${event.version} (${event.count})`;
      case 'gap':
        return `gap ${event.fromVersion}→${event.toVersion} ${event.reason}${event.epochChanged ? ' epoch' : ''}`;
    }
  });
}
