import { type Fields, fieldsOf } from './reader.ts';

/** 2: has failed or cannot start. 1: is not ready yet. 0: healthy, or done as it should be. */
export type Trouble = 0 | 1 | 2;

const startingReasons: readonly unknown[] = [undefined, '', 'ContainerCreating', 'PodInitializing'];

/** How much a container's status matters for a verdict; decides what is cut first. */
export function containerTrouble(status: Fields | undefined): Trouble {
  if (status === undefined) return 1;
  const state = fieldsOf(status.state);
  const last = fieldsOf(status.lastState);
  if (last.terminated !== undefined || (typeof status.restartCount === 'number' && status.restartCount > 0)) return 2;
  const { waiting, terminated } = state;
  if (waiting !== undefined && !startingReasons.includes(fieldsOf(waiting).reason)) return 2;
  if (terminated !== undefined) return fieldsOf(terminated).exitCode === 0 ? 0 : 2;
  return status.ready === true ? 0 : 1;
}
