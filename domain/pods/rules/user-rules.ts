import type { Cause, Severity } from '../verdict/types.ts';

/** The content of `classification-rules.yaml`. Checked when it is read (`platform/rules/`); see docs/rules.md. */
export interface UserRules {
  readonly version: 1;
  /** Applied in order; every rule that matches has its effect. */
  readonly rules: readonly UserRule[];
}

export interface UserRule {
  /** Unique in its file; a DNS label. Names the rule in failures, tags (`failed-rule:<name>`) and explanations. */
  readonly name: string;
  readonly match: RuleMatch;
  readonly set: RuleEffect;
}

/** All that are given must hold; none given matches every pod. */
export interface RuleMatch {
  /** Any of these globs (`*` any characters, `?` one) fits the namespace. */
  readonly namespaces?: readonly string[];
  /** Each label is there and its value fits the glob. */
  readonly labels?: Readonly<Record<string, string>>;
  /** A glob on `<kind>/<name>` of the controlling owner, `Pod/<name>` for a pod without one. */
  readonly owner?: string;
  /** RE2, found in the image of any container. */
  readonly image?: string;
  /** RE2, found in the pod's name. */
  readonly name?: string;
  /** A finding of the verdict has one of these causes. */
  readonly causes?: readonly Cause[];
}

/**
 * What a matching rule does. Tags and team may hold `${labels.<key>}`, `${namespace}`, `${name}` and `${owner}`, each with an
 * optional default (`${labels.team:-none}`); without a default a missing value fails the classification.
 */
export interface RuleEffect {
  /** Added after `pod` and the operation. */
  readonly tags?: readonly string[];
  /** Of the findings whose cause the rule names, else of the primary finding. */
  readonly severity?: Severity;
  /** The findings whose cause the rule names (else all of them) open no incident: excuse `ignored`. */
  readonly ignore?: true;
  /** Who is responsible. The last matching rule wins. Also a tag: `team:<team>`. */
  readonly team?: string;
}
