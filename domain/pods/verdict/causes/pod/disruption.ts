import type { Disruption } from '../../context/disruption.ts';
import { createDraft } from '../../draft.ts';
import type { Rule } from '../../rule.ts';
import type { Cause } from '../../types.ts';

interface Words {
  readonly summary: string;
  readonly remedy?: string;
}

const words: Readonly<Partial<Record<Cause, Words>>> = {
  Preempted: {
    summary: 'the pod was preempted to make room for one of higher priority',
    remedy: 'if it must not be preempted, give the pod a higher priorityClassName or the cluster more room',
  },
  NodeShutdown: { summary: 'the pod was stopped because its node shut down' },
  TaintEvicted: {
    summary: 'the pod was evicted because its node has a taint (NoExecute) that it does not tolerate',
    remedy: 'look at why the node was tainted, or add a toleration',
  },
  ApiEvicted: { summary: 'the pod was evicted through the eviction API, as a drain of its node does' },
  GarbageCollected: { summary: 'the pod was removed by the garbage collector, usually because its node is gone' },
};

/** `status.reason` and the DisruptionTarget condition: what took the pod down from outside. */
export const findEvictionOrDisruption: Rule = ({ disruption, snapshot, deletion }) => {
  if (disruption === undefined) return [];
  const at = disruption.startAt ?? deletion?.startAt;
  if (disruption.cause === 'Evicted') return [draftEvicted(disruption, snapshot.message ?? '', at)];
  const { summary, remedy } = words[disruption.cause] ?? { summary: `the pod was disrupted (${disruption.cause})` };
  const { cause, evidence } = disruption;
  return [createDraft({ cause, confidence: 'confirmed', at, summary, remedy, evidence })];
};

function draftEvicted({ cause, evidence }: Disruption, message: string, at: number | undefined) {
  const detail = findResource(message);
  const said = detail === 'unknown' ? '' : ` (${detail})`;
  return createDraft({
    cause,
    confidence: 'confirmed',
    at,
    detail,
    summary: `the kubelet evicted the pod from its node${said}${message === '' ? '' : `: ${message}`}`,
    remedy: hintEviction(detail, message),
    evidence,
  });
}

function hintEviction(detail: string, message: string): string {
  if (detail === 'unknown') return 'look at the conditions of the node at that time';
  return /exceed/i.test(message)
    ? `the pod went beyond its own limit of ${detail}: make it use less, or set a limit that fits`
    : `give the pod a request for ${detail} that matches its use, or make it use less`;
}

/** The resource that ran short, from the kubelet's message. */
function findResource(message: string): string {
  if (/ephemeral[- ](local )?storage|emptydir|DiskPressure|nodefs|imagefs/i.test(message)) return 'ephemeral-storage';
  if (/inodes/i.test(message)) return 'inodes';
  if (/resource: memory|MemoryPressure|memory/i.test(message)) return 'memory';
  if (/\bpids?\b|PIDPressure/i.test(message)) return 'pids';
  return 'unknown';
}
