import { ApplicationFailure, Context } from '@temporalio/activity';
import type {
  IdleSeen,
  IncarnationRef,
  SessionActivities,
  StartSeen,
} from '../../../activities/sessions/session-activities.ts';
import { parseSessionPodName, sessionPodName } from '../../../domain/sessions/identity/session-names.ts';
import type { SessionPodRef } from '../../../domain/sessions/state/session-life.ts';

export interface WorldPod extends SessionPodRef {
  alive: boolean;
  ready: boolean;
}

/** What the script of a test decides; everything else is as in a world where all goes well. */
export interface WorldRules {
  /** Pods become ready at once. */
  readiness: 'at-once' | 'never' | StartSeen;
  idle: IdleSeen;
  leases: boolean;
  /** An earlier run has sealed the pod of this incarnation; null: none. */
  sealed: number | null;
  /** What stands against the end of an idle session. */
  sealRefused: boolean;
  /** All gateways were heard of since it drains; until then that is waited for. */
  gatewaysHeard: boolean;
  /** An idle session can't be called back any more. */
  tooLate: boolean;
  /** Nodes say when a deleted pod has ended. */
  endsConfirmed: boolean;
  /** Names of activities that can't do their work now. */
  broken: ReadonlySet<keyof SessionActivities>;
}

/** Stands for cluster and Redis behind the activities of one session's run; remembers everything that was done. */
export function createSessionWorld() {
  const pods = new Map<number, WorldPod>();
  const done: string[] = [];
  const rules: WorldRules = {
    readiness: 'at-once',
    idle: { keep: 'recent-activity', remainingMs: 60_000, sinceActivityMs: 0 },
    leases: false,
    sealed: null,
    sealRefused: false,
    gatewaysHeard: true,
    tooLate: false,
    endsConfirmed: true,
    broken: new Set(),
  };
  let slot: string | null = null;
  let mostAlive = 0;

  const note = (name: keyof SessionActivities, incarnation?: number): void => {
    if (rules.broken.has(name)) throw ApplicationFailure.create({ type: 'test', message: `${name} is broken` });
    done.push(incarnation === undefined ? name : `${name} ${incarnation}`);
  };
  const countAlive = (): void => {
    mostAlive = Math.max(mostAlive, [...pods.values()].filter(({ alive }) => alive).length);
  };
  const until = async (condition: () => boolean, ms: number): Promise<void> => {
    const deadlineMs = Date.now() + ms;
    while (!condition() && Date.now() < deadlineMs) {
      Context.current().heartbeat();
      await Context.current().sleep(20);
    }
  };

  const activities: SessionActivities = {
    discoverSession: () => {
      note('discoverSession');
      const alive = [...pods.values()]
        .filter((pod) => pod.alive)
        .sort((one, other) => other.incarnation - one.incarnation);
      return Promise.resolve({ pod: alive[0] ?? null, highestIncarnation: Math.max(0, ...pods.keys()) });
    },
    createSessionPod: ({ key, incarnation, namespace, runId }) => {
      note('createSessionPod', incarnation);
      slot = runId;
      const pod = {
        namespace,
        name: sessionPodName(key, incarnation),
        uid: `uid-${key}-${incarnation}`,
        incarnation,
        address: '',
        node: '',
        kid: 'k1',
      };
      if (!pods.has(incarnation)) pods.set(incarnation, { ...pod, alive: true, ready: false });
      countAlive();
      return Promise.resolve(pod);
    },
    followStart: async ({ pod, waitMs }) => {
      note('followStart', pod.incarnation);
      const own = pods.get(pod.incarnation);
      await until(() => rules.readiness !== 'never' || own?.alive !== true, Math.min(waitMs, 300));
      if (own?.alive !== true) return { state: 'failed', code: 'pod_gone', detail: 'The pod was deleted.' };
      if (rules.readiness === 'never') return { state: 'waiting', reason: '0/1 nodes are available' };
      if (rules.readiness !== 'at-once') return rules.readiness;
      own.ready = true;
      return { state: 'ready', address: '10.0.0.1', node: 'node-1' };
    },
    publishSession: ({ pod }) => {
      note('publishSession', pod.incarnation);
      return Promise.resolve(rules.sealed === pod.incarnation ? 'refused' : 'in-force');
    },
    isPodAlive: ({ pod }) => {
      note('isPodAlive', pod.incarnation);
      return Promise.resolve(pods.get(pod.incarnation)?.alive === true);
    },
    decideIdle: ({ pod }) => {
      note('decideIdle', pod.incarnation);
      return Promise.resolve(rules.idle);
    },
    isBusy: () => Promise.resolve(false),
    callBack: ({ incarnation }) => {
      note('callBack', incarnation);
      return Promise.resolve(!rules.tooLate);
    },
    hearGateways: async ({ incarnation }) => {
      note('hearGateways', incarnation);
      await until(() => rules.gatewaysHeard, 8000);
      return rules.gatewaysHeard;
    },
    sealSession: ({ incarnation, forIdleness }) => {
      note('sealSession', incarnation);
      return Promise.resolve(!(forIdleness && rules.sealRefused));
    },
    hasLeases: ({ incarnation }: IncarnationRef) => {
      note('hasLeases', incarnation);
      return Promise.resolve(rules.leases);
    },
    deleteSessionPod: ({ incarnation }) => {
      note('deleteSessionPod', incarnation);
      const pod = pods.get(incarnation);
      if (pod !== undefined) pod.alive = false;
      return Promise.resolve({ gone: rules.endsConfirmed });
    },
    allowDisruption: ({ pod }) => {
      note('allowDisruption', pod.incarnation);
      return Promise.resolve();
    },
    releaseSlot: ({ runId }) => {
      note('releaseSlot');
      if (slot === runId) slot = null;
      return Promise.resolve();
    },
  };

  return {
    activities,
    rules,
    pods,
    done,
    /** The pod ends by itself, as a crashed one does. */
    kill: (incarnation: number): void => {
      const pod = pods.get(incarnation);
      if (pod !== undefined) pod.alive = false;
    },
    alive: () => [...pods.values()].filter(({ alive }) => alive).map(({ incarnation }) => incarnation),
    /** A session never has two pods that take requests. */
    mostAlive: () => mostAlive,
    hasSlot: () => slot !== null,
  };
}

export type SessionWorld = ReturnType<typeof createSessionWorld>;

/** The activities of one worker for many sessions, each in a world of its own. */
export function createSessionWorlds() {
  const worlds = new Map<string, SessionWorld>();
  const of = (key: string): SessionWorld => {
    const world = worlds.get(key) ?? createSessionWorld();
    worlds.set(key, world);
    return world;
  };
  type Input = { readonly key?: string; readonly pod?: SessionPodRef };
  const keyOf = ({ key, pod }: Input): string => key ?? parseSessionPodName(pod?.name ?? '')?.key ?? '';
  const names = Object.keys(createSessionWorld().activities) as (keyof SessionActivities)[];
  const activities = Object.fromEntries(
    names.map((name) => [
      name,
      (input: Input) => (of(keyOf(input)).activities[name] as (input: Input) => unknown)(input),
    ]),
  ) as unknown as SessionActivities;
  return { of, activities };
}
