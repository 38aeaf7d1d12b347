import type { RuleSubject } from '../../../domain/pods/rules/compiled-rules.ts';

/** One state of a pod with its verdict before any rule. */
export interface JudgedState {
  /** Tells its pod from all others. */
  readonly key: string;
  /** `namespace/name` */
  readonly pod: string;
  /** Where it was found: `oom.jsonl line 7`, or the id of a run. */
  readonly place: string;
  readonly subject: RuleSubject;
}
