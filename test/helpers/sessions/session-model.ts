import { ApplicationFailure, Context } from '@temporalio/activity';
import type { SessionActivities } from '../../../activities/sessions/session-activities.ts';
import { sessionPodName } from '../../../domain/sessions/identity/session-names.ts';
import type { SessionPodRef } from '../../../domain/sessions/state/session-life.ts';

interface ModelPod extends SessionPodRef {
  readonly key: string;
  alive: boolean;
  ready: boolean;
}

interface ModelRecord {
  state: 'ready' | 'draining' | 'gone';
  incarnation: number;
  activityMs: number;
}

/** As youngEpochMs of the real rule, in the model's shorter times. */
const youngMs = 300;
/** A gateway sends its leases again within this time after Redis was lost. */
const resendMs = 150;

/**
 * Cluster and Redis of many sessions, kept in memory with the rules of the Lua scripts, in shorter times. It checks the
 * invariants whenever something changes, from a table of requests in flight of its own; what is broken is in `faults`.
 */
export function createSessionModel({ limit }: { readonly limit: number }) {
  const pods: ModelPod[] = [];
  const inFlight = new Map<number, { readonly key: string; readonly incarnation: number }>();
  const faults: string[] = [];
  let redis = emptyRedis();
  let requests = 0;

  const now = (): number => performance.now();
  const aliveOf = (key: string) => pods.filter((pod) => pod.key === key && pod.alive);
  const podOf = ({ key, incarnation }: { key: string; incarnation: number }) =>
    pods.find((pod) => pod.key === key && pod.incarnation === incarnation);
  const fault = (what: string): void => void faults.push(what);
  const sessionsAlive = (): number => new Set(pods.filter(({ alive }) => alive).map(({ key }) => key)).size;
  const hasLease = (key: string, incarnation: number): boolean =>
    [...redis.leases.values()].some((lease) => lease.key === key && lease.incarnation === incarnation);
  const unavailable = (): ApplicationFailure => ApplicationFailure.create({ type: 'test', message: 'not now' });
  const end = (pod: ModelPod): void => {
    pod.alive = false;
    pod.ready = false;
  };

  const activities: SessionActivities = {
    discoverSession: ({ key }) => {
      const own = pods.filter((pod) => pod.key === key);
      const [adopted = null, ...leftovers] = aliveOf(key).sort((one, other) => other.incarnation - one.incarnation);
      for (const pod of leftovers) end(pod);
      return Promise.resolve({
        pod: adopted,
        highestIncarnation: Math.max(0, ...own.map(({ incarnation }) => incarnation)),
      });
    },
    createSessionPod: ({ key, incarnation, namespace, runId }) => {
      if (!redis.slots.has(key)) {
        if (!redis.counted) throw unavailable();
        if (redis.slots.size >= limit) throw unavailable();
      }
      redis.slots.set(key, runId);
      const known = podOf({ key, incarnation });
      if (known !== undefined) return Promise.resolve(known);
      const name = sessionPodName(key, incarnation);
      const pod = {
        namespace,
        name,
        uid: name,
        incarnation,
        address: '',
        node: '',
        kid: 'k',
        key,
        alive: true,
        ready: false,
      };
      pods.push(pod);
      if (sessionsAlive() > limit) fault(`${sessionsAlive()} sessions, and the limit is ${limit}`);
      return Promise.resolve(pod);
    },
    followStart: async ({ pod }) => {
      await Context.current().sleep(20);
      const own = pods.find(({ uid }) => uid === pod.uid);
      if (own?.alive !== true) return { state: 'failed', code: 'pod_gone', detail: 'deleted' };
      own.ready = true;
      const routable = aliveOf(own.key).filter(({ ready }) => ready);
      if (routable.length > 1) fault(`${routable.length} routable pods of one session`);
      return { state: 'ready', address: '10.0.0.1', node: 'n' };
    },
    publishSession: ({ key, pod: { incarnation } }) => {
      const found = redis.records.get(key);
      if (found === undefined || found.incarnation < incarnation) {
        redis.records.set(key, { state: 'ready', incarnation, activityMs: now() });
      }
      return Promise.resolve();
    },
    isPodAlive: ({ pod }) => Promise.resolve(pods.find(({ uid }) => uid === pod.uid)?.alive === true),
    decideIdle: ({ key, pod: { incarnation }, idleTimeoutMs, runId }) => {
      redis.slots.set(key, runId);
      const found = redis.records.get(key);
      const keep = (
        reason: 'redis-restarted' | 'record-was-missing' | 'request-in-flight' | 'recent-activity',
        ms: number,
      ) => Promise.resolve({ keep: reason, remainingMs: ms, sinceActivityMs: 0 });
      if (now() - redis.sinceMs < youngMs) return keep('redis-restarted', youngMs);
      if (found === undefined || found.incarnation !== incarnation) {
        redis.records.set(key, { state: 'ready', incarnation, activityMs: now() });
        return keep('record-was-missing', idleTimeoutMs);
      }
      if (hasLease(key, incarnation)) return keep('request-in-flight', idleTimeoutMs);
      const sinceActivityMs = now() - found.activityMs;
      if (sinceActivityMs < idleTimeoutMs) return keep('recent-activity', idleTimeoutMs - sinceActivityMs);
      found.state = 'draining';
      return Promise.resolve({ keep: null, remainingMs: 0, sinceActivityMs });
    },
    isBusy: () => Promise.resolve(false),
    callBack: ({ key, incarnation }) => {
      const found = redis.records.get(key);
      if (found?.incarnation !== incarnation || found.state === 'gone') return Promise.resolve(false);
      Object.assign(found, { state: 'ready', activityMs: now() });
      return Promise.resolve(true);
    },
    sealSession: ({ key, incarnation, forIdleness }) => {
      const found = redis.records.get(key);
      if (found !== undefined && found.incarnation > incarnation) return Promise.resolve(false);
      if (forIdleness && found?.state !== 'gone') {
        const young = now() - redis.sinceMs < youngMs;
        if (found?.incarnation !== incarnation || young || hasLease(key, incarnation)) return Promise.resolve(false);
      }
      redis.records.set(key, { state: 'gone', incarnation, activityMs: now() });
      return Promise.resolve(true);
    },
    hearGateways: () => Promise.resolve(true),
    hasLeases: ({ key, incarnation }) => Promise.resolve(hasLease(key, incarnation)),
    allowDisruption: () => Promise.resolve(),
    deleteSessionPod: ({ key, incarnation, reason }) => {
      const pod = podOf({ key, incarnation });
      if (pod?.alive === true) {
        const served = [...inFlight.values()].filter((one) => one.key === key && one.incarnation === incarnation);
        if (reason === 'idle' && served.length > 0)
          fault(`removed for idleness with ${served.length} requests in flight`);
        end(pod);
      }
      return Promise.resolve({ gone: true });
    },
    releaseSlot: ({ key, runId }) => {
      if (redis.slots.get(key) === runId) redis.slots.delete(key);
      return Promise.resolve();
    },
  };

  return {
    activities,
    faults,
    /** As a gateway asks before it starts a session. */
    admit: (key: string): boolean => {
      if (redis.slots.has(key)) return true;
      if (!redis.counted || redis.slots.size >= limit) return false;
      redis.slots.set(key, '');
      return true;
    },
    /** One request to a pod, as a gateway sends it: only after its lease was granted. */
    request: async ({ key, incarnation, ms }: { key: string; incarnation: number; ms: number }) => {
      const found = redis.records.get(key);
      if (found?.state !== 'ready' || found.incarnation !== incarnation) return 'no-lease';
      if (podOf({ key, incarnation })?.alive !== true) return 'no-pod';
      const id = ++requests;
      redis.leases.set(id, { key, incarnation });
      inFlight.set(id, { key, incarnation });
      await new Promise((resolve) => setTimeout(resolve, ms));
      inFlight.delete(id);
      redis.leases.delete(id);
      const after = redis.records.get(key);
      if (after?.incarnation === incarnation) after.activityMs = now();
      return 'answered';
    },
    kill: (key: string): void => {
      for (const pod of aliveOf(key)) end(pod);
    },
    /** Redis comes back empty; gateways send their leases again, and a worker counts the sessions. */
    loseRedis: (): void => {
      redis = emptyRedis();
      const empty = redis;
      setTimeout(() => {
        for (const [id, lease] of inFlight) empty.leases.set(id, lease);
        for (const { key, alive } of pods) if (alive && !empty.slots.has(key)) empty.slots.set(key, '');
        empty.counted = true;
      }, resendMs);
    },
    alive: (key: string) => aliveOf(key).length,
    slots: () => redis.slots.size,
    requests: () => requests,
    made: () => pods.length,
  };
}

function emptyRedis() {
  return {
    records: new Map<string, ModelRecord>(),
    leases: new Map<number, { readonly key: string; readonly incarnation: number }>(),
    /** Session → its run; empty while only reserved. */
    slots: new Map<string, string>(),
    counted: false,
    sinceMs: performance.now(),
  };
}
