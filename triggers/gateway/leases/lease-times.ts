import { leaseGrantMs } from '../../../domain/sessions/idle/idle-decision.ts';

/** In milliseconds. Redis ends a lease 15 s after it was last sent, finds a gateway silent after 6 s and an epoch young for 20 s. */
export interface LeaseTimes {
  /** How long a grant is taken for good, from its sending. */
  readonly grantMs: number;
  /** Leases in use are sent again this often: two may fail before Redis ends one. */
  readonly renewEveryMs: number;
  /** A lease without a request is kept at most this long, and at most a quarter of the idle timeout. */
  readonly keptMs: number;
  readonly beatEveryMs: number;
  /** From a failure to the next try. */
  readonly againMs: number;
  /** After a failure Redis is not asked for a grant for this long: while it hangs, each question takes a second. */
  readonly downMs: number;
}

export const leaseTimes: LeaseTimes = {
  grantMs: leaseGrantMs,
  renewEveryMs: 5000,
  keptMs: 5000,
  beatEveryMs: 2000,
  againMs: 500,
  downMs: 500,
};
