import { causes } from '../pods/verdict/types.ts';
import { parseTime } from '../pods/verdict/context/time.ts';

/** One field that is not as it should be. */
export interface ReplayFault {
  /** The field's name: `cause`, `from`. */
  readonly path: string;
  readonly message: string;
}

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const dnsSubdomain = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const owner = /^[A-Za-z][A-Za-z0-9]*\/[^\s/]+$/;

type Check = (value: unknown) => string | undefined;

/** Says what is wrong with a text, unless it is one that fits. */
const text =
  (fits: (value: string) => boolean, otherwise: string): Check =>
  (value) =>
    typeof value === 'string' && value.length <= 255 && fits(value) ? undefined : `${quote(value)} ${otherwise}`;
const time = text((value) => parseTime(value) !== undefined, 'is no RFC 3339 time, such as 2026-07-01T12:00:00Z');

const optional: Readonly<Record<string, Check>> = {
  namespace: text((value) => dnsLabel.test(value), 'is no name of a namespace'),
  pod: text((value) => dnsSubdomain.test(value), 'is no name of a pod'),
  owner: text((value) => owner.test(value), 'is no <kind>/<name>, such as ReplicaSet/web-5d4f'),
  cause: text(
    (value) => (causes as readonly string[]).includes(value),
    `is no cause; the causes are ${causes.join(', ')}`,
  ),
  rule: text((value) => dnsLabel.test(value), 'is no name of a rule'),
  from: time,
  to: time,
};

/** Says what is wrong with the filter of a replay, each fault naming its field; empty when it is valid. Takes anything. */
export function checkReplayFilter(filter: unknown): readonly ReplayFault[] {
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter)) {
    return [{ path: 'filter', message: 'is no object' }];
  }
  const { select, ...others } = filter as Readonly<Record<string, unknown>>;
  const faults: ReplayFault[] = [];
  if (select !== 'failed' && select !== 'all')
    faults.push({ path: 'select', message: 'is neither "failed" nor "all"' });
  for (const [path, value] of Object.entries(others)) {
    if (value === undefined) continue;
    const check = Object.hasOwn(optional, path) ? optional[path] : undefined;
    const message = check === undefined ? `is no field; use select, ${Object.keys(optional).join(', ')}` : check(value);
    if (message !== undefined) faults.push({ path, message });
  }
  const [from, to] = [others['from'], others['to']].map((value) => parseTime(typeof value === 'string' ? value : ''));
  if (from !== undefined && to !== undefined && from >= to) {
    faults.push({ path: 'to', message: 'is not later than "from"' });
  }
  return faults;
}

/** A value as it was given, in at most 60 characters. */
export function quote(value: unknown): string {
  const given = (JSON.stringify(value) as string | undefined) ?? 'nothing';
  return given.length > 60 ? `${given.slice(0, 59)}…` : given;
}
