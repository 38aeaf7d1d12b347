import type { LeaseStore } from '../../../platform/redis/sessions/leases/leases.ts';
import type { LeaseTimes } from './lease-times.ts';
import type { RedisLink } from './redis-link.ts';

/** Tells Redis again and again that this gateway lives. */
export interface GatewayBeats {
  /** A command failed: Redis may lack a lease, and no beat counts before all were sent again. */
  failed(): void;
  /** Ends the beats; resolves when none is under way. */
  stop(): Promise<void>;
}

export interface BeatsInput {
  readonly store: Pick<LeaseStore, 'beat'>;
  readonly link: RedisLink;
  readonly times: LeaseTimes;
  /** Sends all leases in use, and what could not be released. */
  readonly sendAll: () => Promise<void>;
}

/**
 * A beat says that Redis has all leases of this gateway. So after a failure, and when Redis names another epoch (it was
 * emptied or is a new process), all are sent first.
 */
export function startGatewayBeats({ store, link, times, sendAll }: BeatsInput): GatewayBeats {
  /** The epoch all leases were sent to; empty when they have to be sent. */
  let sentTo = '';
  let beating: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const beatOnce = async () => {
    if (sentTo === '') {
      const { failures } = link;
      const epoch = link.see(await store.beat(''));
      if (!epoch.ok) return;
      await sendAll();
      if (link.failures !== failures) return;
      sentTo = epoch.value;
    }
    const asked = sentTo;
    const epoch = link.see(await store.beat(asked));
    if (epoch.ok && epoch.value !== asked) sentTo = '';
  };
  const schedule = (ms: number) => {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => {
      beating = beatOnce().finally(() => {
        beating = undefined;
        schedule(sentTo === '' ? times.againMs : times.beatEveryMs);
      });
    }, ms);
    timer.unref();
  };
  schedule(0);
  return {
    failed() {
      const first = sentTo !== '';
      sentTo = '';
      if (first && beating === undefined) schedule(times.againMs);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await beating;
    },
  };
}
