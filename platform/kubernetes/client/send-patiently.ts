import type { Dispatcher } from 'undici';
import { KubernetesError } from '../kubernetes-error.ts';
import { wait } from '../wait.ts';
import { type ApiDependencies, type ApiRequest, send, transportError } from './send.ts';

const maxAttempts = 4;
const defaultWaitSeconds = 1;
/** A caller waits for a short call; what asks for more than this in sum is given back to it. */
const maxWaitSeconds = 20;

/**
 * Sends a request that may safely be sent twice. 429 and 503 are waited out as long as their Retry-After says (1 s
 * without one, 20 s in all, 4 attempts), and a 401 makes it read the credentials again, once.
 * @throws KubernetesError the last one, or the signal's reason once it is aborted
 */
export async function sendPatiently(
  dependencies: ApiDependencies,
  call: ApiRequest,
): Promise<Dispatcher.ResponseData['body']> {
  let waitedSeconds = 0;
  let reloaded = false;
  for (let attempt = 1; ; attempt++) {
    try {
      return await send(dependencies, call);
    } catch (error) {
      if (!(error instanceof KubernetesError) || attempt === maxAttempts) throw error;
      if (error.status === 401 && !reloaded) {
        reloaded = true;
        await dependencies.connection.reloadCredentials().catch((cause: unknown) => {
          throw transportError(call, cause);
        });
      } else if (error.status === 429 || error.status === 503) {
        const waitSeconds = error.retryAfterSeconds ?? defaultWaitSeconds;
        waitedSeconds += waitSeconds;
        if (waitedSeconds > maxWaitSeconds) throw error;
        await wait(waitSeconds * 1000, call.signal);
      } else {
        throw error;
      }
    }
  }
}
