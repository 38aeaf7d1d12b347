import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { searchAttributes } from '../../../domain/search-attributes.ts';
import { createRunUrl } from '../../../platform/temporal/runs/run-url.ts';
import { type SessionResult, sessionType } from '../../../workflows/session.messages.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { SideStory } from '../replay/replay-story.ts';
import type { DemoStep } from '../views/view.ts';
import { checkSessions } from './check-sessions.ts';
import { idleTimeoutSeconds } from './demo-session.ts';
import type { GatewayClient } from './gateway-client.ts';
import { nothingSeen, type SeenAnswer, type SessionRecord } from './session-record.ts';
import { firstAnswerStep, healedStep, sessionEndedStep } from './session-texts.ts';
import { killPod, watchSessionPods } from './watch-session-pods.ts';

const pollMs = 200;
const healSeconds = 30;
/** Beyond the idle timeout: a Redis that has just started keeps every session for 20 s. */
const endSeconds = idleTimeoutSeconds + 60;

export interface SessionStoryInput {
  readonly gateway: GatewayClient;
  readonly tokenFile: string;
  readonly kubernetes: KubernetesApi;
  readonly client: Client;
  readonly cluster: string;
  readonly temporal: { readonly uiUrl: string; readonly namespace: string };
  readonly tell: (step: DemoStep) => void;
  readonly signal: AbortSignal;
}

/** A session from its first request to its removal: made, used, killed, healed, idle. */
export function createSessionStory(input: SessionStoryInput): SideStory {
  let record = nothingSeen(Date.now());
  return {
    play: () => playSession({ ...input, onRecord: (seen) => void (record = seen) }),
    readRuns: () => Promise.resolve([]),
    checks: () => checkSessions(record),
  };
}

async function playSession({
  onRecord,
  ...input
}: SessionStoryInput & { readonly onRecord: (record: SessionRecord) => void }): Promise<void> {
  const { gateway, kubernetes, tell, signal } = input;
  const stop = new AbortController();
  const seen = watchSessionPods({ api: kubernetes, signal: AbortSignal.any([signal, stop.signal]) });
  let record = nothingSeen(Date.now());
  const note = (more: Partial<SessionRecord>): void => onRecord((record = { ...record, ...more, pods: seen.list() }));
  const ask = async (say: string): Promise<void> => {
    const answer = await gateway.execute({ say });
    note({ answers: [...record.answers, answer], lastAnswerMs: Date.now() });
  };
  /** A pod that is deleted at once answers for a moment longer: the kubelet has yet to hear of it. */
  const untilHealed = async (killed: number): Promise<SeenAnswer> => {
    const deadline = Date.now() + healSeconds * 1000;
    for (;;) {
      await ask('after the kill');
      const answer = record.answers.at(-1);
      if (answer !== undefined && answer.incarnation > killed) return answer;
      if (Date.now() > deadline) throw new Error(`the killed pod still answers after ${healSeconds} s`);
      await sleep(pollMs, undefined, { signal });
    }
  };
  const play = async (): Promise<void> => {
    for (const say of ['hello', 'again', 'and again']) await ask(say);
    const [first, ...others] = record.answers;
    note({ why: (await gateway.status())?.why ?? '' });
    if (first !== undefined) {
      tell(firstAnswerStep({ url: gateway.url, tokenFile: input.tokenFile, first, others, why: record.why }));
    }
    const killed = seen.list().at(-1)?.name;
    if (killed === undefined) throw new Error('the cluster never showed the pod of the session');
    await killPod(kubernetes, killed);
    note({ killed });
    tell(healedStep(await untilHealed(first?.incarnation ?? 0), killed));
    const run = await untilEnded(input, record.startedMs);
    note({ run });
    tell(sessionEndedStep(record));
  };
  try {
    await Promise.race([play(), seen.watching]);
  } finally {
    stop.abort();
    await seen.watching;
  }
}

/** The result of the session's run; throws when it does not end in time. */
async function untilEnded(
  { client, cluster, temporal, signal }: SessionStoryInput,
  sinceMs: number,
): Promise<NonNullable<SessionRecord['run']>> {
  const deadline = Date.now() + endSeconds * 1000;
  const query = `WorkflowType = '${sessionType}' AND ${searchAttributes.cluster.name} = '${cluster}'`;
  const url = createRunUrl(temporal);
  while (Date.now() < deadline) {
    for await (const { workflowId, runId, status, startTime } of client.workflow.list({ query })) {
      if (status.name !== 'COMPLETED' || startTime.getTime() < sinceMs) continue;
      const { endedBy, heals } = (await client.workflow.getHandle(workflowId, runId).result()) as SessionResult;
      return { url: url(workflowId, runId), endedBy, heals };
    }
    await sleep(pollMs * 5, undefined, { signal });
  }
  throw new Error(`the session was still there ${endSeconds} s after its last request`);
}
