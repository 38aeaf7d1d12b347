import type {
  ContainerStateSnapshot,
  ContainerStatusSnapshot,
  RunningState,
  TerminatedState,
  WaitingState,
} from '../pod-snapshot.ts';
import { type BoundedReader, type Draft, type Fields, fieldsOf, integerOf } from './reader.ts';

/** Projects one entry of `status.*containerStatuses`. */
export function projectContainerStatus(status: Fields, reader: BoundedReader): ContainerStatusSnapshot {
  const draft: Draft<ContainerStatusSnapshot> = {
    ready: status.ready === true,
    restartCount: Math.max(0, integerOf(status.restartCount) ?? 0),
  };
  if (typeof status.started === 'boolean') draft.started = status.started;
  const state = projectState(status.state, reader, 'containers.state');
  if (state !== undefined) draft.state = state;
  const lastState = projectState(status.lastState, reader, 'containers.lastState');
  if (lastState !== undefined) draft.lastState = lastState;
  return draft;
}

function projectState(value: unknown, reader: BoundedReader, path: string): ContainerStateSnapshot | undefined {
  const state = fieldsOf(value);
  if (isPresent(state.terminated)) return projectTerminated(fieldsOf(state.terminated), reader, path);
  if (isPresent(state.running)) {
    const draft: Draft<RunningState> = { kind: 'running' };
    const startedAt = reader.word(fieldsOf(state.running).startedAt, `${path}.startedAt`);
    if (startedAt !== undefined) draft.startedAt = startedAt;
    return draft;
  }
  if (!isPresent(state.waiting)) return undefined;
  const waiting = fieldsOf(state.waiting);
  const draft: Draft<WaitingState> = { kind: 'waiting' };
  const reason = reader.word(waiting.reason, `${path}.reason`);
  if (reason !== undefined) draft.reason = reason;
  const message = reader.message(waiting.message, `${path}.message`);
  if (message !== undefined) draft.message = message;
  return draft;
}

function projectTerminated(terminated: Fields, reader: BoundedReader, path: string): TerminatedState | undefined {
  const exitCode = integerOf(terminated.exitCode);
  if (exitCode === undefined) {
    // The API server always sends a number. Any code made up here would be a wrong verdict later.
    reader.note(path, 'dropped');
    return undefined;
  }
  const draft: Draft<TerminatedState> = { kind: 'terminated', exitCode };
  const signal = integerOf(terminated.signal);
  if (signal !== undefined) draft.signal = signal;
  const reason = reader.word(terminated.reason, `${path}.reason`);
  if (reason !== undefined) draft.reason = reason;
  const message = reader.message(terminated.message, `${path}.message`);
  if (message !== undefined) draft.message = message;
  const startedAt = reader.word(terminated.startedAt, `${path}.startedAt`);
  if (startedAt !== undefined) draft.startedAt = startedAt;
  const finishedAt = reader.word(terminated.finishedAt, `${path}.finishedAt`);
  if (finishedAt !== undefined) draft.finishedAt = finishedAt;
  return draft;
}

function isPresent(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
