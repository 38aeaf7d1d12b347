import { type CompiledRules, RuleError } from '../../../domain/pods/rules/compiled-rules.ts';
import type { Fault } from '../read/fault.ts';
import type { JudgedPod } from './judge-pods.ts';

/** A pod whose verdict has been through the rules. */
export interface RuledPod extends JudgedPod {
  readonly ruled: {
    /** What rules add; the tags of a classification have more. */
    readonly tags: readonly string[];
    readonly team: string | null;
    /** Names of those that matched. */
    readonly rules: readonly string[];
    readonly rulesVersion: string;
  };
}

/** Applies rules to a verdict; one that fails is a fault of its pod. */
export function applyRules(
  rules: CompiledRules,
  pod: JudgedPod,
): { readonly pod: RuledPod } | { readonly fault: Fault } {
  try {
    const { verdict, tags, team, matched } = rules.apply(pod);
    return { pod: { ...pod, verdict, ruled: { tags, team, rules: matched, rulesVersion: rules.version } } };
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    const { namespace, name } = pod.snapshot;
    return {
      fault: { source: pod.source, message: `pod ${namespace === '' ? '' : `${namespace}/`}${name}: ${error.message}` },
    };
  }
}
