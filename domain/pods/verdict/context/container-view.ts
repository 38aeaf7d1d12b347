import type {
  ContainerSnapshot,
  ContainerStatusSnapshot,
  ContainerType,
  PodSnapshot,
  TerminatedState,
} from '../../snapshot/pod-snapshot.ts';
import { parseTime } from './time.ts';
import type { VerdictWindows } from '../windows.ts';

/** One recorded end of a container; times in milliseconds, undefined when the kubelet did not know them. */
export interface Termination {
  readonly record: TerminatedState;
  /** `state`: it is down now; `lastState`: it was started again, or the kubelet is about to. */
  readonly where: 'state' | 'lastState';
  readonly path: string;
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
  /** When the run after this end began, if it did. */
  readonly nextStartAt: number | undefined;
}

/** A container with all that rules ask of it, worked out once. */
export interface ContainerView {
  readonly name: string;
  readonly type: ContainerType;
  readonly spec: ContainerSnapshot;
  readonly status: ContainerStatusSnapshot | undefined;
  /** The status in the previous snapshot of the same pod. */
  readonly before: ContainerStatusSnapshot | undefined;
  /** Where its status is in the Pod, e.g. `status.containerStatuses[app]`. */
  readonly path: string;
  readonly specPath: string;
  /** Newest first. */
  readonly ends: readonly Termination[];
  readonly restarts: number;
  readonly waitingReason: string | undefined;
  readonly loops: boolean;
}

const statusLists: Readonly<Record<ContainerType, string>> = {
  app: 'status.containerStatuses',
  init: 'status.initContainerStatuses',
  sidecar: 'status.initContainerStatuses',
  ephemeral: 'status.ephemeralContainerStatuses',
};

const specLists: Readonly<Record<ContainerType, string>> = {
  app: 'spec.containers',
  init: 'spec.initContainers',
  sidecar: 'spec.initContainers',
  ephemeral: 'spec.ephemeralContainers',
};

/** Views of all containers, in the order of the snapshot. */
export function viewContainers(
  snapshot: PodSnapshot,
  previous: PodSnapshot | undefined,
  time: { readonly now: number; readonly windows: VerdictWindows },
): readonly ContainerView[] {
  const before = new Map(previous?.containers.map((container) => [container.name, container.status]));
  return snapshot.containers.map((spec) => {
    const { name, type, status } = spec;
    const path = `${statusLists[type]}[${name}]`;
    const ends = status === undefined ? [] : listEnds(status, path);
    const restarts = status?.restartCount ?? 0;
    const waitingReason = status?.state?.kind === 'waiting' ? status.state.reason : undefined;
    const endedAt = ends[0]?.finishedAt;
    const endedRecently = endedAt !== undefined && time.now - endedAt <= time.windows.recentSeconds * 1000;
    return {
      name,
      type,
      spec,
      status,
      before: before.get(name),
      path,
      specPath: `${specLists[type]}[${name}]`,
      ends,
      restarts,
      waitingReason,
      loops: waitingReason === 'CrashLoopBackOff' || (restarts >= 3 && endedRecently),
    };
  });
}

function listEnds({ state, lastState }: ContainerStatusSnapshot, path: string): readonly Termination[] {
  const ends: Termination[] = [];
  if (state?.kind === 'terminated') ends.push(toTermination(state, { where: 'state', path, nextStart: undefined }));
  if (lastState?.kind === 'terminated') {
    const nextStart = state !== undefined && state.kind !== 'waiting' ? state.startedAt : undefined;
    ends.push(toTermination(lastState, { where: 'lastState', path, nextStart }));
  }
  return ends;
}

function toTermination(
  record: TerminatedState,
  { where, path, nextStart }: { where: 'state' | 'lastState'; path: string; nextStart: string | undefined },
): Termination {
  return {
    record,
    where,
    path: `${path}.${where}.terminated`,
    startedAt: parseTime(record.startedAt),
    finishedAt: parseTime(record.finishedAt),
    nextStartAt: parseTime(nextStart),
  };
}
