import { formatDuration } from '../duration.ts';
import { printable } from '../output.ts';
import { type GatewayOptions, withGateway } from './gateway/open-gateway.ts';
import { type ChosenSession, chosenSession, type CommandContext } from './session-path.ts';
import type { SessionStatus } from '../../workflows/session.messages.ts';

export interface ShowOptions extends GatewayOptions, ChosenSession {
  readonly output: 'text' | 'json';
}

/** As the gateway answers it. */
type ShownSession = Omit<SessionStatus, 'phase' | 'drain'> & {
  readonly state: SessionStatus['phase'];
  readonly ending: SessionStatus['drain'];
};

/** Prints how a session stands and why it is still alive, in sentences. Asking is no activity. */
export async function showSession(options: ShowOptions, { terminal, env }: CommandContext): Promise<void> {
  await withGateway({ options, env, terminal }, async (gateway) => {
    const { byId, path } = chosenSession(options);
    const answer = await gateway.json({ method: 'GET', path: byId ? `${path}/status` : path });
    if (options.output === 'json') terminal.stdout.write(`${JSON.stringify(answer)}\n`);
    else {
      const lines = sentences(answer as ShownSession, terminal.now().getTime());
      for (const line of lines) terminal.stdout.write(`${printable(line)}\n`);
    }
  });
}

/** What follows from why it is kept, beyond the sentence of the session itself. */
const explained: Readonly<Partial<Record<NonNullable<SessionStatus['keep']>, string>>> = {
  'request-in-flight':
    'That is a request that is being answered, a stream, or an open WebSocket. The idle time-out begins when the last one is over.',
  'record-was-missing': 'That makes a session live longer, never shorter.',
  'redis-restarted': 'For 20 s after a restart of Redis no session ends for idleness.',
  'gateway-silent': 'No session ends for idleness until that gateway is back, or has been gone for 30 s.',
};

function sentences(session: ShownSession, nowMs: number): readonly string[] {
  const { state, key, pod, heals, why, keep, idleCheckAt, endsAt, failure } = session;
  const inTime = (at: string): string => {
    const seconds = (Date.parse(at) - nowMs) / 1000;
    return seconds <= 0 ? `${at} (now)` : `${at} (in ${formatDuration(seconds)})`;
  };
  const age = formatDuration((nowMs - Date.parse(session.since)) / 1000);
  const lines = [`Session ${session.sessionId} (class ${session.class}, ${age} old) is ${state}.`];
  const more = keep === null ? undefined : explained[keep];
  if (failure === null) lines.push(state === 'Ready' ? `Why it is alive: ${why}` : why);
  else lines.push(`It can't be served (${failure.code}): ${failure.detail}`);
  if (more !== undefined && state === 'Ready') lines.push(more);
  if (pod !== null)
    lines.push(`Its pod is ${pod.namespace}/${pod.name}${pod.address === '' ? '' : ` at ${pod.address}`}.`);
  if (heals > 0) {
    lines.push(
      `Its pod died and was replaced ${heals === 1 ? 'once' : `${heals} times`}; what the pod held was lost with it.`,
    );
  }
  if (state === 'Ready' && idleCheckAt !== null) {
    lines.push(`Without further requests it is looked at for being idle at ${inTime(idleCheckAt)}.`);
  }
  if (state === 'Ready' && endsAt !== null) lines.push(`Whatever happens, it ends at ${inTime(endsAt)}.`);
  lines.push(`Key: ${key}`);
  return lines;
}
