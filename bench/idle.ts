import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { reportToStderr } from '../dev/shared/report.ts';
import { youngEpochMs } from '../domain/sessions/idle/idle-decision.ts';
import { percentile } from './gateway/percentile.ts';
import { type IdleServers, withSessions } from './idle/with-sessions.ts';
import type { BenchResult } from './result.ts';

/** Sessions that are started at once: two cores start some ten a second. */
const startsAtOnce = 10;
/** Lateness that is waited for, after the last request's end and the idle timeout. */
const patienceSeconds = 120;

/** How much later than its idle timeout a session's pod is deleted, through the real gateway and session worker. */
export async function benchIdle({
  sessions,
  idleTimeoutSeconds,
}: {
  readonly sessions: number;
  readonly idleTimeoutSeconds: number;
}): Promise<BenchResult> {
  const [loadBefore = 0] = loadavg();
  return await withSessions({ sessions, idleTimeoutSeconds }, async (servers) => {
    // Before that Redis is not believed, whatever it says of sessions: all would be late for the same reason.
    reportToStderr(`waiting ${youngEpochMs / 1000} s until Redis is not new any more`);
    await sleep(youngEpochMs);
    const numbers = Array.from({ length: sessions }, (_, number) => number);
    const waiting = numbers.values();
    const lateness: number[] = [];
    const ends: Promise<unknown>[] = [];
    const start = async (): Promise<void> => {
      for (const number of waiting) {
        const used = await useSession(servers, { number, idleTimeoutSeconds });
        ends.push(untilDeleted(servers, used, idleTimeoutSeconds).then((late) => lateness.push(late)));
      }
    };
    await Promise.all(Array.from({ length: startsAtOnce }, start));
    reportToStderr(`${sessions} sessions were used, waiting for the last to be removed`);
    await Promise.all(ends);
    const sorted = Float64Array.from(lateness).sort();
    return {
      bench: 'idle',
      figures: [
        { name: 'early', value: sorted.filter((late) => late < 0).length, bar: { atMost: 0 } },
        { name: 'latenessP50Ms', value: percentile(sorted, 50) },
        { name: 'latenessP95Ms', value: percentile(sorted, 95) },
        { name: 'latenessMaxMs', value: percentile(sorted, 100), bar: { atMost: 5000 } },
        { name: 'latenessMinMs', value: sorted[0] ?? 0 },
        { name: 'sessions', value: sessions },
        { name: 'idleTimeoutSeconds', value: idleTimeoutSeconds },
        { name: 'loadAverageBefore', value: loadBefore },
      ],
    };
  });
}

interface Used {
  readonly podUid: string;
  readonly endMs: number;
}

/** The first request starts it. The second, before it is idle, puts its end off, for each session by another time. */
async function useSession(
  { request }: IdleServers,
  { number, idleTimeoutSeconds }: { readonly number: number; readonly idleTimeoutSeconds: number },
): Promise<Used> {
  const id = `idle-${number}`;
  await request(id);
  await sleep(((number % 10) / 20) * idleTimeoutSeconds * 1000);
  const { podUid } = await request(id);
  return { podUid, endMs: Date.now() };
}

/** How late, in milliseconds; negative when it was deleted too early. Throws when it is not deleted at all. */
async function untilDeleted(
  { deletedMs }: IdleServers,
  { podUid, endMs }: Used,
  idleTimeoutSeconds: number,
): Promise<number> {
  const dueMs = endMs + idleTimeoutSeconds * 1000;
  while (Date.now() < dueMs + patienceSeconds * 1000) {
    const seenMs = deletedMs(podUid);
    if (seenMs !== undefined) return seenMs - dueMs;
    await sleep(100);
  }
  throw new Error(`A session was not removed ${patienceSeconds} s after its idle timeout.`);
}
