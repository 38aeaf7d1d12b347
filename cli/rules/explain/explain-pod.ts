import type { CompiledRules, RuleExplanation, RuleSubject } from '../../../domain/pods/rules/compiled-rules.ts';
import { RuleError } from '../../../domain/pods/rules/compiled-rules.ts';
import { primaryFinding } from '../../../domain/pods/verdict/primary-finding.ts';
import type { Cause, Health, Severity, Verdict } from '../../../domain/pods/verdict/types.ts';
import { podName } from '../pod-name.ts';

/** Why each rule matched a pod or not, and what became of its verdict. */
export interface ExplainedPod {
  readonly pod: string;
  readonly uid: string;
  /** Where it was found. */
  readonly place: string;
  /** The verdict in short, before any rule. */
  readonly before: ShortVerdict;
  readonly rules: readonly RuleExplanation[];
  /** After all rules; a rule that can't be applied leaves no verdict. */
  readonly after: RuledShortVerdict | { readonly failure: string };
  readonly rulesVersion: string;
}

export interface ShortVerdict {
  readonly health: Health;
  readonly primary: Cause | null;
  readonly severity: Severity | null;
  readonly incident: boolean;
}

export interface RuledShortVerdict extends ShortVerdict {
  readonly tags: readonly string[];
  readonly team: string | null;
}

/** Applies rules to a pod and tells everything about it. */
export function explainPod(subject: RuleSubject, place: string, rules: CompiledRules): ExplainedPod {
  const { snapshot, verdict } = subject;
  return {
    pod: podName(snapshot),
    uid: snapshot.uid,
    place,
    before: shorten(verdict),
    rules: rules.explain(subject),
    after: applied(subject, rules),
    rulesVersion: rules.version,
  };
}

function applied(subject: RuleSubject, rules: CompiledRules): ExplainedPod['after'] {
  try {
    const { verdict, tags, team } = rules.apply(subject);
    return { ...shorten(verdict), tags, team };
  } catch (error) {
    if (error instanceof RuleError) return { failure: error.message };
    throw error;
  }
}

function shorten(verdict: Verdict): ShortVerdict {
  const { health, primary, incident } = verdict;
  return { health, primary, severity: primaryFinding(verdict)?.severity ?? null, incident };
}
