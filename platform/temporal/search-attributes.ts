import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, isGrpcServiceError } from '@temporalio/client';
import { searchAttributes } from '../../domain/search-attributes.ts';
import type { Logger } from '../logger.ts';

/** `temporal.api.enums.v1.IndexedValueType` of the types Podkeeper uses. */
const indexedValueTypes = { Keyword: 2, Int: 3, KeywordList: 7 } as const;
const grpcStatus = { notFound: 5, permissionDenied: 7, unimplemented: 12, unauthenticated: 16 } as const;
const callMs = 10_000;
const propagationMs = 30_000;

type Definition = (typeof searchAttributes)[keyof typeof searchAttributes];
type Registered = Readonly<Record<string, number>>;
const definitions: readonly Definition[] = Object.values(searchAttributes);

export interface SearchAttributeOptions {
  readonly connection: Pick<Connection, 'operatorService' | 'withDeadline'>;
  readonly namespace: string;
  readonly logger: Logger;
}

/** The namespace cannot hold Podkeeper's search attributes; the message has the command that makes it so. */
export class SearchAttributeError extends Error {
  override readonly name = 'SearchAttributeError';
}

/**
 * Makes sure that every search attribute of Podkeeper exists with its type: a run that sets an unregistered one hangs in
 * its workflow task for ever, so a worker must not start without them. Throws a SearchAttributeError otherwise. Where
 * the server does not let this process list them (Temporal Cloud), it warns and goes on.
 */
export async function checkSearchAttributes(options: SearchAttributeOptions): Promise<void> {
  const registered = await listRegistered(options);
  if (registered === undefined) {
    options.logger.warn(
      { expected: definitions.map(({ name, type }) => `${name}=${type}`) },
      'this server does not let Podkeeper list search attributes; runs hang if one of these is not registered',
    );
    return;
  }
  const missing = missingIn(registered, options.namespace);
  if (missing.length === 0) return;
  throw new SearchAttributeError(
    `Temporal namespace ${options.namespace} lacks search attributes: ${missing.map(({ name }) => name).join(', ')}. ` +
      `Register them with: ${createCommand(missing, options.namespace)}`,
  );
}

/**
 * Registers what is missing and waits (at most 30 s) until the server shows it; answers the added names. Safe to repeat.
 * Throws a SearchAttributeError when a name is taken with another type, which only a person can resolve.
 */
export async function registerSearchAttributes(options: SearchAttributeOptions): Promise<readonly string[]> {
  const { connection, namespace, logger } = options;
  const missing = missingIn((await listRegistered(options)) ?? {}, namespace);
  if (missing.length === 0) return [];
  const types = Object.fromEntries(missing.map(({ name, type }) => [name, indexedValueTypes[type]]));
  await connection.withDeadline(Date.now() + callMs, () =>
    connection.operatorService.addSearchAttributes({ namespace, searchAttributes: types }),
  );
  for (const deadlineMs = performance.now() + propagationMs; performance.now() < deadlineMs;) {
    await sleep(250);
    if (missingIn((await listRegistered(options)) ?? {}, namespace).length === 0) {
      logger.info({ namespace, added: Object.keys(types) }, 'search attributes registered');
      return Object.keys(types);
    }
  }
  throw new SearchAttributeError(
    `Temporal took the search attributes ${Object.keys(types).join(', ')} but does not list them after ` +
      `${propagationMs / 1000} s. Look with: temporal operator search-attribute list --namespace ${namespace}`,
  );
}

/** Undefined where this process may not list them. */
async function listRegistered({ connection, namespace }: SearchAttributeOptions): Promise<Registered | undefined> {
  try {
    const { customAttributes } = await connection.withDeadline(Date.now() + callMs, () =>
      connection.operatorService.listSearchAttributes({ namespace }),
    );
    return customAttributes;
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    const code: number = error.code;
    if (code === grpcStatus.notFound) {
      throw new SearchAttributeError(
        `Temporal has no namespace ${namespace}. Create it with: temporal operator namespace create ` +
          `--namespace ${namespace} --retention 72h, or set TEMPORAL_NAMESPACE.`,
        { cause: error },
      );
    }
    const refused = [grpcStatus.permissionDenied, grpcStatus.unimplemented, grpcStatus.unauthenticated] as number[];
    if (refused.includes(code)) return undefined;
    throw error;
  }
}

function missingIn(registered: Registered, namespace: string): readonly Definition[] {
  const wrong = definitions.filter(({ name, type }) => {
    const found = registered[name];
    return found !== undefined && found !== indexedValueTypes[type];
  });
  if (wrong.length > 0) {
    const names = wrong.map(({ name, type }) => `${name} (must be ${type})`).join(', ');
    throw new SearchAttributeError(
      `Temporal namespace ${namespace} has search attributes of another type: ${names}. Use another namespace ` +
        `(TEMPORAL_NAMESPACE), or remove them with: temporal operator search-attribute remove --namespace ${namespace} ` +
        `${wrong.map(({ name }) => `--name ${name}`).join(' ')}, and then run: ${createCommand(wrong, namespace)}`,
    );
  }
  return definitions.filter(({ name }) => !(name in registered));
}

function createCommand(missing: readonly Definition[], namespace: string): string {
  const flags = missing.map(({ name, type }) => `--name ${name} --type ${type}`).join(' ');
  return `temporal operator search-attribute create --namespace ${namespace} ${flags}`;
}
