import { type CompiledRules, noRules } from '../../domain/pods/rules/compiled-rules.ts';

let inForce: CompiledRules = noRules;

/** The rules of the recording worker. */
export const rulesInForce = (): CompiledRules => inForce;

/** Changes them while a case plays; none again when it ends. */
export function putInForce(rules: CompiledRules): void {
  inForce = rules;
}
