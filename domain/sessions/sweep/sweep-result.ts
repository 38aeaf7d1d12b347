/** What one sweep found and did; the result of its run. */
export interface SweepResult {
  readonly pods: number;
  /** Open runs, as listed. */
  readonly runs: number;
  /** Pods without a run that got one. */
  readonly adopted: number;
  /** Pods removed: made by nobody of us, or left by a session that another pod serves. */
  readonly deleted: number;
  /** Runs told that their pod is gone. */
  readonly podGone: number;
  /** Places among the counted sessions given back for runs that are no more. */
  readonly slotsFreed: number;
  /** Pods signed with a key that this worker has not; left alone. */
  readonly unknownKey: number;
  /** What was left for the next sweep. */
  readonly left: number;
  /** What could not be looked at or repaired. */
  readonly problems: number;
  /** Why, of the first few. */
  readonly reasons: readonly string[];
  /** Why sessions could not be counted in Redis; null when they were. */
  readonly uncounted: string | null;
}

/** The current details of a sweep's run in the Temporal UI, in Markdown. */
export function renderSweep(result: SweepResult): string {
  const { adopted, deleted, podGone, slotsFreed, unknownKey, left, problems, reasons, uncounted } = result;
  const repaired = adopted + deleted + podGone + slotsFreed;
  const lines = [
    `**${repaired === 0 ? 'Nothing to repair' : `${repaired} repaired`}** among ${result.pods} pods and ${result.runs} runs.`,
    '',
  ];
  const item = (count: number, text: string): void => {
    if (count > 0) lines.push(`- ${count} ${text}`);
  };
  item(adopted, 'pods without a run: given one');
  item(deleted, 'pods removed: not made by Podkeeper, or their session has a newer one');
  item(podGone, 'runs without their pod: told so');
  item(slotsFreed, 'places of runs that are no more: given back');
  item(unknownKey, 'pods signed with a key that this worker does not have: left alone');
  item(left, 'left for the next sweep');
  item(problems, `could not be looked at or repaired${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}`);
  if (uncounted !== null) lines.push('', `Sessions could not be counted in Redis: ${uncounted}`);
  return lines.join('\n').trimEnd();
}
