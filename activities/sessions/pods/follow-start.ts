import { sessionAnnotations } from '../../../domain/sessions/identity/session-names.ts';
import { wait } from '../../../platform/kubernetes/wait.ts';
import { isHealthy, type ProbeAnswer } from '../../../platform/sessions/probe.ts';
import type { SessionActivityDependencies } from '../dependencies.ts';
import { doWork } from '../do-work.ts';
import type { FollowStartInput, SessionActivities, StartSeen } from '../session-activities.ts';
import { judgeStart } from './judge-start.ts';

const lookEveryMs = 250;
const probeMs = 1000;

type Dependencies = Pick<SessionActivityDependencies, 'cluster' | 'pods' | 'probe'>;

/** A pod is ready when the kubelet says so, it answers us, and its annotation tells the gateways. */
export function createFollowStart(dependencies: Dependencies): SessionActivities['followStart'] {
  return (input) =>
    doWork({ asked: input.cluster, served: dependencies.cluster }, async (signal) => {
      const untilMs = performance.now() + input.waitMs;
      for (;;) {
        const seen = await look(input, dependencies, signal);
        const leftMs = untilMs - performance.now();
        if (seen.state !== 'waiting' || leftMs <= 0) return seen;
        await wait(Math.min(lookEveryMs, leftMs), signal);
      }
    });
}

async function look(
  { pod: ref, port, probePath: path }: FollowStartInput,
  { pods, probe }: Dependencies,
  signal: AbortSignal,
): Promise<StartSeen> {
  const { namespace, name, uid, incarnation } = ref;
  const seen = judgeStart(await pods.get({ namespace, name, signal }), uid, new Date());
  if (seen.state !== 'ready') return seen;
  const answer = await probe({ address: seen.address, port, path, timeoutMs: probeMs, signal });
  if (!isHealthy(answer)) return { state: 'waiting', reason: describeProbe(path, answer) };
  const metadata = { annotations: { [sessionAnnotations.ready]: String(incarnation) } };
  const patched = await pods.patchMetadata({ namespace, name, uid, metadata, signal });
  if (patched === 'gone')
    return { state: 'failed', code: 'pod_gone', detail: 'The pod was deleted as it became ready.' };
  return patched === 'conflict' ? { state: 'waiting', reason: 'The pod is being marked as ready.' } : seen;
}

function describeProbe(path: string, answer: ProbeAnswer): string {
  const what = answer.answered ? `answers ${answer.status}` : `does not answer (${answer.reason})`;
  return `The pod is Ready, but GET ${path} from the worker ${what}.`;
}
