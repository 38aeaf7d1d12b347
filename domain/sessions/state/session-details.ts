import type { SearchAttributeValues } from '../../search-attributes.ts';
import { type SessionState, whyAlive } from './session-life.ts';

/** The current details of a session's run in the Temporal UI, in Markdown: how it stands, and why it is alive. */
export function renderSessionDetails(state: SessionState, nowMs: number): string {
  const { standing, pod, heals, failures, idleDueMs, endsAtMs } = state;
  const lines = [`**${standing.phase}**: ${whyAlive(state, nowMs)}`, ''];
  if (pod !== null)
    lines.push(`Pod \`${pod.namespace}/${pod.name}\`${pod.node === '' ? '' : ` on node \`${pod.node}\``}`, '');
  if (standing.phase === 'Ready') {
    lines.push(`Looked at for being idle at ${time(idleDueMs)}; its longest life ends at ${time(endsAtMs)}.`, '');
  }
  if (heals > 0) lines.push(`Its pod was replaced ${heals === 1 ? 'once' : `${heals} times`} after it died.`, '');
  if (failures > 0) lines.push(`${failures} ${failures === 1 ? 'start' : 'starts'} in a row failed.`, '');
  if (state.unconfirmed !== null) {
    const { namespace, name, node } = state.unconfirmed;
    const where = node === '' ? 'Its node' : `Its node \`${node}\``;
    lines.push(
      `The end of pod \`${namespace}/${name}\` is not confirmed: it was deleted, and takes no requests. ${where} does not answer.`,
      '',
    );
  }
  return lines.join('\n').trimEnd();
}

/** What a session's run shows in lists of runs. */
export function sessionAttributes(state: SessionState): SearchAttributeValues {
  const { standing, pod } = state;
  return {
    state: standing.phase,
    ...(pod === null ? {} : { pod: pod.name, namespace: pod.namespace }),
    ...(pod === null || pod.node === '' ? {} : { node: pod.node }),
  };
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
