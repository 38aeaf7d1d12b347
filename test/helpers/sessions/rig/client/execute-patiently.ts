import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionAnswer, SessionClient } from './session-client.ts';

/** Asks again, after the time the answer names, while it says that this is of use: as clients are told to. Returns the last answer. */
export async function executePatiently(
  client: SessionClient,
  id: string,
  { body, seconds }: { readonly body: unknown; readonly seconds: number },
): Promise<SessionAnswer> {
  for (const deadline = Date.now() + seconds * 1000; ;) {
    const answer = await client.execute(id, body);
    const isRetryable = (answer.json as { retryable?: boolean } | undefined)?.retryable === true;
    const waitMs = Number([answer.headers['retry-after']].flat()[0] ?? 1) * 1000;
    if (answer.status === 200 || !isRetryable || Date.now() + waitMs > deadline) return answer;
    await sleep(waitMs);
  }
}
