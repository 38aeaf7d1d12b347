/** Compares session pods with the runs of sessions; started by a Schedule. */
export const sweepSessionsType = 'sweepSessions';

export interface SweepSessionsInput {
  readonly cluster: string;
}
