import type { Cause } from '../../../domain/pods/verdict/types.ts';
import { decideVerdict } from '../../../domain/pods/verdict/decide-verdict.ts';
import { projectPod } from '../../../domain/pods/snapshot/project-pod.ts';
import type { SentPod } from '../../../platform/kubernetes/client/pods.ts';
import type { StartSeen } from '../session-activities.ts';

/** `ready`: in the kubelet's eyes; nobody of us has asked the pod yet. */
export type StartJudgement = StartSeen;

/** What waiting can't mend, by the cause of a finding. */
const hopeless: Partial<Readonly<Record<Cause, 'image_error' | 'start_crash'>>> = {
  ImagePullFailed: 'image_error',
  ContainerConfigInvalid: 'start_crash',
  ContainerCreateFailed: 'start_crash',
  ContainerStartFailed: 'start_crash',
};

/** How far a pod is that was made for a session: pure. `pod` is what has its name now. */
export function judgeStart(pod: SentPod | null, uid: string, now: Date): StartJudgement {
  if (pod === null) return gone('The pod was deleted before it was ready.');
  if (pod.metadata?.uid !== uid) return gone('The pod was deleted before it was ready; another one has its name.');
  const { findings } = decideVerdict({ snapshot: projectPod(pod), now });
  const summary = findings[0]?.summary;
  if (pod.metadata.deletionTimestamp !== undefined) {
    return gone(summary ?? 'The pod is being deleted.');
  }
  for (const finding of findings) {
    const code = hopeless[finding.cause];
    if (code !== undefined) return { state: 'failed', code, detail: finding.summary };
  }
  if (hasEnded(pod)) {
    const moved = findings.find(({ category }) => category === 'disruption' || category === 'node');
    // Not its own doing, and the next one may have more luck.
    if (moved !== undefined) return gone(moved.summary);
    return { state: 'failed', code: 'start_crash', detail: summary ?? 'Its container ended before it was ready.' };
  }
  const isReady = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
  const address = pod.status?.podIP ?? '';
  if (isReady && address !== '') return { state: 'ready', address, node: pod.spec?.nodeName ?? '' };
  return { state: 'waiting', reason: summary ?? describeWait(pod) };
}

/** A session's container is never restarted, so one that has ended is the end. */
function hasEnded({ status }: SentPod): boolean {
  const { phase, containerStatuses = [] } = status ?? {};
  return (
    phase === 'Failed' || phase === 'Succeeded' || containerStatuses.some(({ state }) => state?.terminated != null)
  );
}

function describeWait({ spec, status }: SentPod): string {
  if (spec?.nodeName === undefined) return 'The pod has no node yet.';
  if (status?.phase !== 'Running') return 'The pod has a node; its container starts.';
  return 'The container runs; its readiness probe is not answered yet.';
}

function gone(detail: string): StartJudgement {
  return { state: 'failed', code: 'pod_gone', detail };
}
