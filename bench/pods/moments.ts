import type { PodOperation } from '../../domain/pods/pod-change.ts';

/** What all containers of a pod are doing at one moment. `restarts` ended runs lie behind a running or waiting one. */
export type ContainersDo =
  | { readonly kind: 'nothing-yet' }
  | { readonly kind: 'creating' }
  | { readonly kind: 'running'; readonly ready: boolean; readonly restarts: number }
  | { readonly kind: 'backing-off'; readonly restarts: number }
  | { readonly kind: 'ended'; readonly exitCode: number; readonly restarts: number };

/** One change of a pod: what its status says, and when. */
export interface PodMoment {
  readonly operation: PodOperation;
  /** Seconds since the pod was created. */
  readonly second: number;
  readonly phase: 'Pending' | 'Running' | 'Succeeded';
  readonly scheduled: boolean;
  readonly containers: ContainersDo;
  /** Seconds since the creation at which its deletion was asked for. */
  readonly deletingSince?: number;
}

const start: readonly PodMoment[] = [
  { operation: 'add', second: 0, phase: 'Pending', scheduled: false, containers: { kind: 'nothing-yet' } },
  { operation: 'update', second: 0, phase: 'Pending', scheduled: true, containers: { kind: 'nothing-yet' } },
  { operation: 'update', second: 1, phase: 'Pending', scheduled: true, containers: { kind: 'creating' } },
];

function running(second: number, ready: boolean, restarts = 0): PodMoment {
  return {
    operation: 'update',
    second,
    phase: 'Running',
    scheduled: true,
    containers: { kind: 'running', ready, restarts },
  };
}

const deletedAtSecond = 60;
const end: readonly PodMoment[] = [
  { ...running(deletedAtSecond, true), deletingSince: deletedAtSecond },
  {
    operation: 'update',
    second: deletedAtSecond + 2,
    phase: 'Succeeded',
    scheduled: true,
    containers: { kind: 'ended', exitCode: 0, restarts: 0 },
    deletingSince: deletedAtSecond,
  },
  {
    operation: 'delete',
    second: deletedAtSecond + 2,
    phase: 'Succeeded',
    scheduled: true,
    containers: { kind: 'ended', exitCode: 0, restarts: 0 },
    deletingSince: deletedAtSecond,
  },
];

/** The eight changes of a pod that is created, becomes ready and is removed, as the API server of 1.35 sends them. */
export const healthyLife: readonly PodMoment[] = [...start, running(3, false), running(8, true), ...end];

/** A pod whose containers exit with 1 after every start until it is removed in its back-off. */
export const crashLoop: readonly PodMoment[] = [
  ...start,
  ...[0, 1, 2].flatMap((restarts): PodMoment[] => {
    const second = 3 + restarts * 15;
    const common = { operation: 'update', phase: 'Running', scheduled: true } as const;
    return [
      running(second, false, restarts),
      { ...common, second: second + 2, containers: { kind: 'ended', exitCode: 1, restarts } },
      { ...common, second: second + 3, containers: { kind: 'backing-off', restarts: restarts + 1 } },
    ];
  }),
  {
    operation: 'delete',
    second: deletedAtSecond,
    phase: 'Running',
    scheduled: true,
    containers: { kind: 'backing-off', restarts: 3 },
    deletingSince: deletedAtSecond,
  },
];
