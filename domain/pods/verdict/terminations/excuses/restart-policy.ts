import type { RestartRuleSnapshot } from '../../../snapshot/pod-snapshot.ts';
import type { VerdictContext } from '../../context/context.ts';
import type { ContainerView } from '../../context/container-view.ts';

/** The restartPolicy that holds for this container: its own, or the pod's; init containers never restart after 0. */
export function restartPolicyOf({ snapshot }: VerdictContext, { type, spec }: ContainerView): string | undefined {
  if (type === 'ephemeral') return 'Never';
  if (spec.restartPolicy !== undefined) return spec.restartPolicy;
  if (type === 'init' && snapshot.restartPolicy === 'Always') return 'OnFailure';
  return snapshot.restartPolicy;
}

/** Whether a container may end with 0 for good, so that this end is its success. */
export function mayFinish(context: VerdictContext, view: ContainerView): boolean {
  const policy = restartPolicyOf(context, view);
  return policy === 'Never' || policy === 'OnFailure';
}

/**
 * Whether a restart rule of the container names this exit code as one to restart on: its author expects it.
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-rules
 */
export function ruleAllows({ spec }: ContainerView, exitCode: number): boolean {
  return spec.restartPolicyRules?.some((rule) => rule.action.startsWith('Restart') && matches(rule, exitCode)) ?? false;
}

function matches({ operator, exitCodes }: RestartRuleSnapshot, exitCode: number): boolean {
  const listed = exitCodes?.includes(exitCode) ?? false;
  return operator === 'NotIn' ? !listed : listed;
}
