import type { VerdictContext } from '../context/context.ts';
import type { ContainerView, Termination } from '../context/container-view.ts';
import type { Draft } from '../draft.ts';

/** One end of one container, with all there is to judge it by. */
export interface End {
  readonly context: VerdictContext;
  readonly view: ContainerView;
  readonly end: Termination;
}

/** One step in the decision about an end: a draft when it is this step's case, undefined to ask the next one. */
export type EndStep = (input: End) => Draft | undefined;
