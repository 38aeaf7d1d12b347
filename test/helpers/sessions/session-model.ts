import { ApplicationFailure, Context } from '@temporalio/activity';
import type { SessionActivities } from '../../../activities/sessions/session-activities.ts';
import { sessionPodName } from '../../../domain/sessions/identity/session-names.ts';
import type { KeepReason } from '../../../domain/sessions/idle/idle-decision.ts';
import type { SessionPodRef } from '../../../domain/sessions/state/session-life.ts';

interface ModelPod extends SessionPodRef {
  readonly key: string;
  alive: boolean;
  ready: boolean;
  /** It takes no connections and answers no probes. */
  hangs: boolean;
  /** When the last request to it ended; 0 before. */
  servedMs: number;
  /** How often it was looked at whether its session is idle, by what Redis knew. */
  looks: number;
}

interface ModelRecord {
  state: 'ready' | 'draining' | 'gone';
  incarnation: number;
  activityMs: number;
  /** When it began to drain, and the last activity that was believed in then. */
  drainedMs: number;
  believedMs: number;
}

interface ModelRequest {
  readonly key: string;
  readonly incarnation: number;
  readonly gateway: ModelGateway;
  /** The Redis that was told of it; null while the gateway is cut off. */
  toldTo: ReturnType<typeof emptyRedis> | null;
}

interface ModelGateway {
  isCut: boolean;
  /** Ends of requests that Redis was not told of. */
  untold: { readonly key: string; readonly incarnation: number; readonly endedMs: number }[];
}

/** As youngEpochMs of the real rule, in the model's shorter times; longer than a cut. */
const youngMs = 800;
const beatEveryMs = 40;
const silentMs = 400;
/** How long a gateway is cut off from Redis. */
const cutMs = 300;
/** A slot that no run confirms ends after this long. */
const reservationMs = 5000;

/**
 * Cluster, Redis and gateways of many sessions, kept in memory with the rules of the Lua scripts, in shorter times. It checks
 * the invariants whenever something changes, from a table of requests in flight of its own; what is broken is in `faults`.
 */
export function createSessionModel({
  limit,
  idleTimeoutMs,
}: {
  readonly limit: number;
  readonly idleTimeoutMs: number;
}) {
  const pods: ModelPod[] = [];
  const inFlight = new Map<number, ModelRequest>();
  const gateways = Array.from({ length: 2 }, (): ModelGateway => ({ isCut: false, untold: [] }));
  const endedByPeople = new Set<string>();
  const faults: string[] = [];
  const counts = { requests: 0, made: 0, idle: 0, unleased: 0 };
  let redis = emptyRedis();
  let onDraining: (key: string, incarnation: number) => void = () => undefined;

  const now = (): number => performance.now();
  const aliveOf = (key: string) => pods.filter((pod) => pod.key === key && pod.alive);
  const podOf = ({ key, incarnation }: { key: string; incarnation: number }) =>
    pods.find((pod) => pod.key === key && pod.incarnation === incarnation);
  const fault = (what: string): void => void faults.push(what);
  const sessionsAlive = (): number => new Set(pods.filter(({ alive }) => alive).map(({ key }) => key)).size;
  const hasLease = (key: string, incarnation: number): boolean =>
    [...redis.leases.values()].some((lease) => lease.key === key && lease.incarnation === incarnation);
  const unavailable = (): ApplicationFailure => ApplicationFailure.create({ type: 'test', message: 'not now' });
  const isUnheard = (sinceMs: number): boolean => [...redis.beats.values()].some((beatMs) => beatMs <= sinceMs);
  const dropEndedSlots = (): void => {
    for (const [key, { run, endsMs }] of redis.slots) if (run === '' && endsMs <= now()) redis.slots.delete(key);
  };
  const reserve = (key: string): void => {
    if (!redis.slots.has(key)) redis.slots.set(key, { run: '', endsMs: now() + reservationMs });
  };
  const confirm = (key: string, run: string): void => void redis.slots.set(key, { run, endsMs: Infinity });
  const checkSlot = (key: string): void => {
    if ((redis.slots.get(key)?.run ?? '') === '') fault('a session has a pod, and its run holds no slot');
  };
  const beat = (): void => {
    for (const gateway of gateways.filter(({ isCut }) => !isCut)) {
      for (const [id, request] of inFlight) {
        if (request.gateway !== gateway) continue;
        redis.leases.set(id, request);
        request.toldTo = redis;
      }
      for (const { key, incarnation, endedMs } of gateway.untold.splice(0)) {
        const found = redis.records.get(key);
        if (found?.incarnation === incarnation) found.activityMs = Math.max(found.activityMs, endedMs);
      }
      redis.beats.set(gateway, now());
    }
  };
  const beats = setInterval(beat, beatEveryMs);
  const serve = async (request: ModelRequest, isOver: () => boolean): Promise<void> => {
    const { key, incarnation, gateway } = request;
    const id = ++counts.requests;
    if (request.toldTo !== null) redis.leases.set(id, request);
    inFlight.set(id, request);
    do await new Promise((resolve) => setTimeout(resolve, 10));
    while (!isOver());
    inFlight.delete(id);
    const endedMs = now();
    const pod = podOf(request);
    if (pod !== undefined) pod.servedMs = endedMs;
    redis.leases.delete(id);
    gateway.untold.push({ key, incarnation, endedMs });
    if (!gateway.isCut) beat();
  };
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
      confirm(key, runId);
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
        hangs: false,
        servedMs: 0,
        looks: 0,
      };
      pods.push(pod);
      counts.made += 1;
      checkSlot(key);
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
        redis.records.set(key, newRecord(incarnation));
      } else if (found.incarnation > incarnation || found.state === 'gone') return Promise.resolve('refused');
      else if (found.state === 'draining') Object.assign(found, { state: 'ready', activityMs: now() });
      return Promise.resolve('in-force');
    },
    isPodAlive: ({ pod, probe }) => {
      const own = pods.find(({ uid }) => uid === pod.uid);
      return Promise.resolve(own?.alive === true && !(probe !== undefined && own.hangs));
    },
    decideIdle: ({ key, pod: { incarnation }, runId }) => {
      confirm(key, runId);
      const found = redis.records.get(key);
      const keep = (reason: KeepReason, ms: number) =>
        Promise.resolve({ keep: reason, remainingMs: ms, sinceActivityMs: 0 });
      const known = found?.incarnation === incarnation && found.state !== 'gone';
      if (!known) redis.records.set(key, newRecord(incarnation));
      if (now() - redis.sinceMs < youngMs) return keep('redis-restarted', youngMs);
      if (!known) return keep('record-was-missing', idleTimeoutMs);
      found.state = 'ready';
      const pod = podOf({ key, incarnation });
      if (pod !== undefined) pod.looks += 1;
      checkSlot(key);
      if (hasLease(key, incarnation)) return keep('request-in-flight', idleTimeoutMs);
      if (isUnheard(now() - silentMs)) return keep('gateway-silent', silentMs);
      const sinceActivityMs = now() - found.activityMs;
      if (sinceActivityMs < idleTimeoutMs) return keep('recent-activity', idleTimeoutMs - sinceActivityMs);
      Object.assign(found, { state: 'draining', drainedMs: now(), believedMs: found.activityMs });
      const told = [...inFlight.values()].filter(
        (one) => one.key === key && one.incarnation === incarnation && one.toldTo === redis,
      );
      if (told.length > 0) fault(`found idle with ${told.length} requests in flight that Redis was told of`);
      onDraining(key, incarnation);
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
        if (found?.incarnation !== incarnation) return Promise.resolve(false);
        if (now() - redis.sinceMs < youngMs) return Promise.resolve(false);
        if (hasLease(key, incarnation)) return Promise.resolve(false);
        if (isUnheard(found.drainedMs)) return Promise.resolve(false);
        if (found.activityMs > found.believedMs) return Promise.resolve(false);
      }
      redis.records.set(key, { ...newRecord(incarnation), state: 'gone' });
      return Promise.resolve(true);
    },
    hearGateways: async ({ key, incarnation }) => {
      for (let asked = 0; asked < 100; asked += 1) {
        const found = redis.records.get(key);
        if (found?.incarnation !== incarnation || found.state !== 'draining') return true;
        if (!isUnheard(found.drainedMs)) return true;
        await Context.current().sleep(20);
      }
      return false;
    },
    hasLeases: ({ key, incarnation }) => {
      const found = redis.records.get(key);
      if (found?.incarnation === incarnation && found.state === 'ready') found.state = 'draining';
      return Promise.resolve(hasLease(key, incarnation));
    },
    allowDisruption: () => Promise.resolve(),
    deleteSessionPod: ({ key, incarnation, reason }) => {
      const pod = podOf({ key, incarnation });
      if (pod?.alive === true) {
        const served = [...inFlight.values()].filter((one) => one.key === key && one.incarnation === incarnation);
        // A person's word that comes while it drains for idleness does not change the reason.
        if (reason === 'idle' && !endedByPeople.has(key)) {
          if (served.length > 0) fault(`removed for idleness with ${served.length} requests in flight`);
          const idleMs = now() - pod.servedMs;
          if (idleMs < idleTimeoutMs) fault(`removed for idleness ${idleMs} ms after its last request`);
        }
        if (reason === 'idle') counts.idle += 1;
        end(pod);
      }
      return Promise.resolve({ gone: true });
    },
    releaseSlot: ({ key, runId }) => {
      if (redis.slots.get(key)?.run === runId) redis.slots.delete(key);
      return Promise.resolve();
    },
  };

  return {
    activities,
    faults,
    counts,
    /** Called when a session begins to drain for idleness, at that moment. */
    whenDraining: (act: typeof onDraining): void => {
      onDraining = act;
    },
    /** As a gateway asks before it starts a session. */
    admit: (key: string): boolean => {
      dropEndedSlots();
      if (redis.slots.has(key)) return true;
      if (!redis.counted || redis.slots.size >= limit) return false;
      reserve(key);
      return true;
    },
    /** One request to a pod, as a gateway sends it: only after its lease was granted. */
    request: async ({ key, incarnation, ms, lookedAt = false }: RequestInput) => {
      const found = redis.records.get(key);
      if (found?.state !== 'ready' || found.incarnation !== incarnation) return 'no-lease';
      const pod = podOf({ key, incarnation });
      if (pod?.alive !== true || pod.hangs) return 'no-pod';
      const gateway = gateways.find(({ isCut }) => !isCut);
      if (gateway === undefined) return 'no-lease';
      const [startedMs, before] = [now(), pod.looks];
      // Ends with its pod, as a connection does.
      const isLookedAt = (): boolean => !lookedAt || pod.looks > before || !pod.alive;
      await serve({ key, incarnation, gateway, toldTo: redis }, () => now() - startedMs >= ms && isLookedAt());
      return 'answered';
    },
    /**
     * One request of a gateway that is cut off from Redis, and knows the pod: it is sent without a lease, and ends at once, or
     * (`long`) only once the end of the session is decided on.
     */
    requestWhileCut: async ({
      key,
      incarnation,
      long,
    }: Omit<RequestInput, 'ms'> & { long: boolean }): Promise<void> => {
      const gateway = gateways[0]!;
      const pod = podOf({ key, incarnation });
      if (gateway.isCut || pod?.alive !== true) return;
      gateway.isCut = true;
      counts.unleased += 1;
      setTimeout(() => {
        gateway.isCut = false;
        beat();
      }, cutMs);
      const isDecided = (): boolean => !pod.alive || (redis.records.get(key)?.state ?? 'ready') === 'ready';
      await serve({ key, incarnation, gateway, toldTo: null }, () => !long || isDecided());
    },
    kill: (key: string): void => {
      for (const pod of aliveOf(key)) end(pod);
    },
    hang: (key: string): void => {
      for (const pod of aliveOf(key)) pod.hangs = true;
    },
    endedByPeople: (key: string): void => void endedByPeople.add(key),
    /** Redis comes back empty; gateways send their leases again with their next beat, and a worker counts the sessions. */
    loseRedis: (): void => {
      redis = emptyRedis();
      const empty = redis;
      setTimeout(() => {
        for (const { key, alive } of pods) if (alive && redis === empty) reserve(key);
        empty.counted = true;
      }, 4 * beatEveryMs);
    },
    /** As a sweep: slots of sessions that have a pod are kept, also before a run confirms them. */
    sweep: (): void => {
      for (const [key, slot] of redis.slots) {
        if (slot.run === '' && aliveOf(key).length > 0) slot.endsMs = now() + reservationMs;
      }
    },
    alive: (key: string) => aliveOf(key).length,
    /** Whether a run holds a slot for it. */
    hasSlot: (key: string) => (redis.slots.get(key)?.run ?? '') !== '',
    close: (): void => clearInterval(beats),
  };
}

interface RequestInput {
  readonly key: string;
  readonly incarnation: number;
  readonly ms: number;
  /** It lasts until a look whether the session is idle has come to an answer, too. */
  readonly lookedAt?: boolean;
}

function newRecord(incarnation: number): ModelRecord {
  return { state: 'ready', incarnation, activityMs: performance.now(), drainedMs: 0, believedMs: 0 };
}

function emptyRedis() {
  return {
    records: new Map<string, ModelRecord>(),
    leases: new Map<number, { readonly key: string; readonly incarnation: number }>(),
    beats: new Map<ModelGateway, number>(),
    /** Session → its run; empty while only reserved, and then it ends. */
    slots: new Map<string, { readonly run: string; endsMs: number }>(),
    counted: false,
    sinceMs: performance.now(),
  };
}
