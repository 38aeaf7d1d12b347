import { type Classification, classifyChange } from '../../domain/pods/classification.ts';
import type { ObservedChange } from '../../domain/pods/pod-change.ts';

/** The same rules as Podkeeper's, on one change alone. */
export const naiveActivities = {
  classifyOne: (change: ObservedChange): Promise<Classification> =>
    Promise.resolve(classifyChange({ change, attempt: 1 })),
};

export type NaiveActivities = typeof naiveActivities;
