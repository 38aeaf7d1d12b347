import type { ContainerView, Termination } from '../../context/container-view.ts';
import type { VerdictContext } from '../../context/context.ts';
import { restartPolicyOf } from './restart-policy.ts';

/**
 * Whether a sidecar ended after all app containers had ended for good: the kubelet stops it then, and its exit code is
 * ignored. https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#jobs-with-sidecar-containers
 */
export function endedAfterApps(context: VerdictContext, view: ContainerView, end: Termination): boolean {
  if (view.type !== 'sidecar' || end.where !== 'state') return false;
  const apps = context.containers.filter(({ type }) => type === 'app');
  return apps.length > 0 && apps.every((app) => endedForGood(context, app, end.finishedAt));
}

function endedForGood(context: VerdictContext, app: ContainerView, before: number | undefined): boolean {
  const end = app.ends[0];
  if (end?.where !== 'state') return false;
  const { phase } = context.snapshot;
  const policy = restartPolicyOf(context, app);
  const isFinal =
    phase === 'Succeeded' ||
    phase === 'Failed' ||
    policy === 'Never' ||
    (policy === 'OnFailure' && end.record.exitCode === 0);
  return isFinal && (before === undefined || end.finishedAt === undefined || end.finishedAt <= before);
}
