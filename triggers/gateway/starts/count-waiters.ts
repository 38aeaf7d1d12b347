import { Problem } from '../../http/problems/problem.ts';
import type { SessionTarget } from '../session/session-target.ts';

/** Requests that may wait for pods in one gateway process. */
export interface WaiterLimits {
  readonly perSession: number;
  readonly perTenant: number;
  readonly inAll: number;
}

export const waiterLimits: WaiterLimits = { perSession: 100, perTenant: 200, inAll: 1000 };

/** Counts requests that wait. */
export function createWaiterCount(limits: WaiterLimits) {
  const bySession = new Map<string, number>();
  const byTenant = new Map<string, number>();
  let inAll = 0;

  return {
    get inAll() {
      return inAll;
    },
    /** Answers what ends the wait, to be called once. Throws a Problem when too many wait already. */
    enter({ key, tenantHash }: Pick<SessionTarget, 'key' | 'tenantHash'>): () => void {
      if (inAll >= limits.inAll) throw tooMany(limits.inAll, 'for sessions');
      if ((bySession.get(key) ?? 0) >= limits.perSession) throw tooMany(limits.perSession, 'for this session');
      if ((byTenant.get(tenantHash) ?? 0) >= limits.perTenant)
        throw tooMany(limits.perTenant, 'for sessions of this tenant');
      inAll += 1;
      add(bySession, key, 1);
      add(byTenant, tenantHash, 1);
      return () => {
        inAll -= 1;
        add(bySession, key, -1);
        add(byTenant, tenantHash, -1);
      };
    },
  };
}

function add(counts: Map<string, number>, name: string, change: number): void {
  const count = (counts.get(name) ?? 0) + change;
  if (count === 0) counts.delete(name);
  else counts.set(name, count);
}

function tooMany(limit: number, what: string): Problem {
  return new Problem('too_many_waiters', { detail: `${limit} requests wait ${what} to start, as many as may.` });
}
