import type { RuleExplanation } from '../../../domain/pods/rules/compiled-rules.ts';
import { printable, type TextOutput } from '../../output.ts';
import type { ExplainedPod, ShortVerdict } from './explain-pod.ts';

/** A paragraph a pod. */
export function printExplanation(explained: ExplainedPod, output: TextOutput): void {
  const { pod, place, before, rules } = explained;
  const lines = [
    `${pod}: ${describeVerdict(before)} (${place})`,
    ...(rules.length === 0 ? ['  there are no rules'] : rules.flatMap(describeRule)),
    ...describeResult(explained).map((line) => `  ${line}`),
  ];
  output.write(lines.map((line) => `${printable(line)}\n`).join(''));
}

function describeRule({ rule, matched, failed, reasons, effects }: RuleExplanation): string[] {
  return [
    `  rule ${rule}: ${failed ? 'matches and FAILS' : matched ? 'matches' : 'does not match'}`,
    ...reasons.map((reason) => `    because ${reason}`),
    ...effects.map((effect) => `    ${failed ? 'fails:' : '→'} ${effect}`),
  ];
}

function describeResult({ before, after }: ExplainedPod): string[] {
  if ('failure' in after) return [`result: none, the classification of this pod would fail: ${after.failure}`];
  return [
    `result: ${describeVerdict(after)}`,
    `  severity: ${change(before.severity ?? 'none', after.severity ?? 'none')}`,
    `  incident: ${change(yesOrNo(before), yesOrNo(after))}`,
    `  team: ${after.team ?? 'none'}`,
    `  tags: ${after.tags.length === 0 ? 'none' : after.tags.join(', ')}`,
  ];
}

function describeVerdict({ health, primary, severity, incident }: ShortVerdict): string {
  const parts = [health, ...(primary === null ? [] : [primary]), ...(severity === null ? [] : [severity])];
  return `${parts.join(', ')}, ${incident ? 'an incident' : 'no incident'}`;
}

function yesOrNo({ incident }: ShortVerdict): string {
  return incident ? 'yes' : 'no';
}

function change(before: string, after: string): string {
  return before === after ? `${after}, as before` : `${before} → ${after}`;
}
