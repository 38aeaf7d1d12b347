import { searchAttributes } from '../../../domain/search-attributes.ts';
import type { ServerSpec } from '../processes/server-spec.ts';
import { callHttp } from './http-probe.ts';

/** The namespace of the local server. */
export const temporalNamespace = 'default';

/**
 * One shard reads its queue 20 times a second by default: 45 ms a dispatch. With 100, an update with three activities
 * goes from 349 to 55 ms; 1000 is worse under load. Printed, since times measured locally depend on it.
 */
export const temporalDynamicConfig = 'history.transferProcessorMaxPollRPS=100';

/** Temporal's development server with its UI and every search attribute registered. */
export function temporalServer(input: {
  readonly command: string;
  readonly ports: { readonly frontend: number; readonly ui: number; readonly http: number; readonly metrics: number };
  readonly databaseFile: string | null;
}): ServerSpec {
  const attributes = Object.values(searchAttributes);
  return {
    name: 'temporal',
    command: input.command,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(input.ports.frontend)],
      ...['--ui-port', String(input.ports.ui), '--http-port', String(input.ports.http)],
      ...['--metrics-port', String(input.ports.metrics), '--namespace', temporalNamespace],
      ...['--ui-disable-news-fetch', '--log-level', 'warn', '--dynamic-config-value', temporalDynamicConfig],
      ...attributes.flatMap((attribute) => ['--search-attribute', `${attribute.name}=${attribute.type}`]),
      ...(input.databaseFile === null
        ? []
        : [
            '--db-filename',
            input.databaseFile,
            '--sqlite-pragma',
            'journal_mode=WAL',
            '--sqlite-pragma',
            'synchronous=NORMAL',
          ]),
    ],
    isReady: () => servesNamespace(input.ports.http),
    readyTimeoutSeconds: 60,
  };
}

/** Whether the namespace is there with all search attributes: workers check for them at boot and exit without. */
async function servesNamespace(httpPort: number): Promise<boolean> {
  const url = `http://127.0.0.1:${httpPort}/api/v1/namespaces/${temporalNamespace}/search-attributes`;
  const answer = await callHttp({ url });
  if (answer.status !== 200) return false;
  const { customAttributes } = JSON.parse(answer.body) as { customAttributes?: Record<string, unknown> };
  return Object.values(searchAttributes).every((attribute) => customAttributes?.[attribute.name] !== undefined);
}
