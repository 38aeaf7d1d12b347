import { expect } from '@jest/globals';
import { projectPod } from '../../domain/pods/snapshot/project-pod.ts';
import { decideVerdict } from '../../domain/pods/verdict/decide-verdict.ts';
import type { VerdictEvidence } from '../../domain/pods/verdict/evidence.ts';
import type { Cause, Finding, Verdict } from '../../domain/pods/verdict/types.ts';
import { type Json, podNow } from './pods.ts';

export interface JudgeOptions {
  readonly previous?: Json;
  readonly evidence?: VerdictEvidence;
  readonly now?: Date;
  readonly deleted?: boolean;
}

/** The verdict about a Pod object. Whatever a test asks, it also checks what must hold of every verdict. */
export function judge(pod: Json, { previous, now = podNow, ...options }: JudgeOptions = {}): Verdict {
  const verdict = decideVerdict({
    snapshot: projectPod(pod),
    previous: previous === undefined ? undefined : projectPod(previous),
    now,
    ...options,
  });
  for (const finding of verdict.findings) expectProven(finding, pod, previous);
  if (verdict.primary !== null) expect(verdict.findings[0]?.cause).toBe(verdict.primary);
  return verdict;
}

/** The verdict's finding with this cause; fails the test when there is none. */
export function findingOf({ findings }: Verdict, cause: Cause, container?: string): Finding {
  const found = findings.find((one) => one.cause === cause && (container === undefined || one.container === container));
  if (found === undefined) throw new Error(`no finding ${cause} in ${JSON.stringify(findings)}`);
  return found;
}

/** Cause, incident and health in one line, as tables of tests compare them. */
export function brief({ primary, incident, health }: Verdict): string {
  return `${primary ?? 'none'} ${incident ? 'incident' : 'no-incident'} ${health}`;
}

function expectProven(finding: Finding, pod: Json, previous: Json | undefined): void {
  expect(finding.evidence).not.toHaveLength(0);
  for (const { source, path, value } of finding.evidence) {
    if (source !== 'pod' && source !== 'previous-pod') continue;
    const found = lookUp(source === 'pod' ? pod : previous, path ?? '');
    // A long value is cut and ends in an ellipsis.
    const matches = value.endsWith('…') ? found?.startsWith(value.slice(0, -1)) === true : found === value;
    if (!matches) throw new Error(`${finding.cause}: ${source} ${path ?? ''} is ${found ?? 'absent'}, not ${value}`);
  }
}

/** The value at a path such as `status.containerStatuses[app].state.terminated.exitCode`. */
function lookUp(pod: unknown, path: string): string | undefined {
  let value = pod;
  for (const step of path.matchAll(/(?:^|\.)([^.[\]]+)(?:\[([^\]]*)\])?/g)) {
    value = (value as Json | undefined)?.[step[1] ?? ''];
    const key = step[2];
    if (key !== undefined)
      value = (value as Json[] | undefined)?.find(({ name, type }) => name === key || type === key);
  }
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return value === undefined || value === null ? undefined : textOf(value);
}

function textOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) return String(Object.values(value)[0]);
  return String(value);
}
