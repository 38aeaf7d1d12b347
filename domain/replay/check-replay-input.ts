import { parseTime } from '../pods/verdict/context/time.ts';
import { checkReplayFilter, quote, type ReplayFault } from './check-replay-filter.ts';

/** The bounds of what a replay may be asked for. */
export const replayLimits = { runsPerSecond: 200, reasonLength: 1000 } as const;

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** Part of ids of runs and of updates. */
const requestIdPattern = /^[A-Za-z0-9._:~-]{1,128}$/;

type Check = (value: unknown) => string | undefined;

const whole =
  (max: number): Check =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max
      ? undefined
      : `${quote(value)} is no whole number from 1 to ${max}`;

const checks: Readonly<Record<string, Check>> = {
  cluster: (value) =>
    typeof value === 'string' && dnsLabel.test(value) ? undefined : `${quote(value)} is no name of a cluster`,
  requestId: (value) =>
    typeof value === 'string' && requestIdPattern.test(value)
      ? undefined
      : `${quote(value)} is not 1 to 128 letters, digits and any of ". _ : ~ -"`,
  dryRun: (value) => (typeof value === 'boolean' ? undefined : `${quote(value)} is neither true nor false`),
  reason: (value) =>
    typeof value === 'string' && value.length <= replayLimits.reasonLength
      ? undefined
      : `${quote(value)} is no text of at most ${replayLimits.reasonLength} characters`,
  requestedAt: (value) =>
    typeof value === 'string' && parseTime(value) !== undefined ? undefined : `${quote(value)} is no RFC 3339 time`,
  runsPerSecond: whole(replayLimits.runsPerSecond),
};

/**
 * Says what is wrong with the input of a replay, each fault naming its field; empty when it is valid. Takes anything: a run
 * can be started by hand in the Temporal UI.
 */
export function checkReplayInput(input: unknown): readonly ReplayFault[] {
  if (typeof input !== 'object' || input === null) return [{ path: 'input', message: 'is no object' }];
  const fields = input as Readonly<Record<string, unknown>>;
  const faults = Object.entries(checks).flatMap(([path, check]) => {
    const message = check(fields[path]);
    return message === undefined ? [] : [{ path, message }];
  });
  const limit = fields['historyLimit'];
  const limitFault = limit === undefined ? undefined : whole(51_200)(limit);
  if (limitFault !== undefined) faults.push({ path: 'historyLimit', message: limitFault });
  const filterFaults = checkReplayFilter(fields['filter']);
  return [
    ...faults,
    ...filterFaults.map(({ path, message }) => ({ path: path === 'filter' ? path : `filter.${path}`, message })),
  ];
}

/** `cluster "A/B" is no name of a cluster; filter.cause "Nope" is no cause` */
export function describeFaults(faults: readonly ReplayFault[]): string {
  return faults.map(({ path, message }) => `${path} ${message}`).join('; ');
}
