import { KubernetesError } from '../../kubernetes-error.ts';
import { isOlder } from '../state/versions.ts';
import { openWatch } from '../stream/open-watch.ts';
import { StreamFault } from '../stream/stream-fault.ts';
import { type WatchMessage, changeTypes } from '../stream/watch-message.ts';
import type { ReflectorEvent } from '../types.ts';
import type { RunContext } from './context.ts';

/** Spread, so that the watches of many processes do not end together. */
const timeoutSeconds = { least: 290, most: 590 };
/** A stream that ends sooner is a failure, or it would be opened again without pause (client-go's "very short watch"). */
const shortestMs = 1000;

/**
 * Watches from the last version until the server ends the stream.
 * @throws KubernetesError when it is refused, StreamFault when it breaks; progress then tells how far it came
 */
export async function followWatch<T>(context: RunContext<T>, version: string): Promise<void> {
  const { dependencies, target, progress, backoff, emit, random, now, inactivityMs, lineBytesLimit, signal } = context;
  const { least, most } = timeoutSeconds;
  progress.versionsVerified = false;
  const messages = await openWatch(dependencies, {
    ...target,
    version,
    timeoutSeconds: least + Math.floor(random() * (most - least + 1)),
    inactivityMs,
    lineBytesLimit,
    signal,
    onBytes: () => (progress.lastByteAtMs = now()),
  });
  const openedAtMs = now();
  backoff.healthy();
  progress.credentialsReloaded = false;
  if (progress.missingPermission?.verb === 'watch') progress.missingPermission = null;

  for await (const message of messages) {
    const receivedAtMs = progress.lastByteAtMs;
    for (const event of eventsOf(context, message, receivedAtMs)) await emit(event);
    progress.version = message.type === 'BOOKMARK' ? message.version : message.identity.version;
    progress.goodAtMs = receivedAtMs;
    progress.faultsInARow = 0;
    progress.deliveredSinceList = true;
  }
  if (now() - openedAtMs < shortestMs) throw new StreamFault('short', shortWatchError(target.resource));
}

function* eventsOf<T>(
  { known, project }: RunContext<T>,
  message: WatchMessage,
  receivedAtMs: number,
): Generator<ReflectorEvent<T>> {
  if (message.type === 'BOOKMARK') {
    yield { kind: 'bookmark', version: message.version };
    return;
  }
  const { type, identity, object } = message;
  if (type === 'DELETED') {
    known.remove(identity.uid);
    yield { kind: 'deleted', ...identity, object: project(object), receivedAtMs, inferred: false };
    return;
  }
  const replaced = known.get(identity.uid) === undefined ? known.holderOf(identity) : undefined;
  const before = replaced === undefined ? undefined : known.get(replaced);
  // Only by an object that is newer: a watch resumed from behind what is known brings back former holders of the name.
  if (replaced !== undefined && before !== undefined && isOlder(before.version, identity.version)) {
    const { namespace, name } = before;
    known.remove(replaced);
    yield { kind: 'deleted', uid: replaced, namespace, name, version: identity.version, receivedAtMs, inferred: true };
  }
  known.put(identity);
  yield { kind: changeTypes[type], ...identity, object: project(object), receivedAtMs, fromList: false };
}

function shortWatchError(resource: string): KubernetesError {
  const detail = `the server ended the watch within ${shortestMs} ms`;
  return new KubernetesError({ verb: 'watch', resource, status: null, reason: 'ShortWatch', detail });
}
