import type { WatchHeartbeat } from '../../../domain/pods/watch/watch-view.ts';

const everyMs = 2000;

export interface HeartbeatOptions {
  /** The only caller of the activity's heartbeat: one without details would wipe the checkpoint. */
  readonly send: (details: WatchHeartbeat) => void;
  /** Carried from the first beat on, before this attempt has anything of its own. */
  readonly inherited: WatchHeartbeat;
  /** Told when a beat could not be made; the last one is sent in its place. */
  readonly onError: (error: unknown) => void;
}

export interface Heartbeat {
  /** From now on, each beat carries what `next` brings; a beat never overtakes a slow one. */
  use(next: () => Promise<WatchHeartbeat>): void;
  stop(): void;
}

/** Beats at once and then every 2 s with the whole checkpoint. */
export function startHeartbeat({ send, inherited, onError }: HeartbeatOptions): Heartbeat {
  let next: (() => Promise<WatchHeartbeat>) | undefined;
  let last = inherited;
  let busy = false;
  let stopped = false;
  send(inherited);
  const beat = async (): Promise<void> => {
    if (busy) {
      send(last);
      return;
    }
    busy = true;
    try {
      last = (await next?.()) ?? last;
    } catch (error) {
      onError(error);
    }
    busy = false;
    if (!stopped) send(last);
  };
  const timer = setInterval(() => void beat(), everyMs);
  return {
    use: (from) => void (next = from),
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}
