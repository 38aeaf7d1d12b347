import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the answer is as `when` says, or true; returns it. Throws with the last answer after `seconds`. */
export async function until<T>(
  ask: () => T | Promise<T>,
  { seconds, when = (answer) => answer === true }: { readonly seconds: number; readonly when?: (answer: T) => boolean },
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (when(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`This was not so within ${seconds} s: ${JSON.stringify(answer)}`);
    await sleep(100);
  }
}
