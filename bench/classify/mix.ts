import type { PodOperation } from '../../domain/pods/pod-change.ts';
import { crashLoop, healthyLife, type PodMoment } from '../pods/moments.ts';
import { podObject } from '../pods/pod-object.ts';

/** A change as the watch reads it, before its snapshot is made. */
interface RawChange {
  readonly operation: PodOperation;
  readonly observedAt: string;
  readonly object: unknown;
}

/** The changes of one pod, in order. */
export type RawLife = readonly RawChange[];

const podCount = 100;
const crashLoops = 2;
const bigPodContainers = 60;
const createdMs = Date.parse('2026-03-01T12:00:00Z');

/**
 * A hundred pods, each with its whole life: one of 60 containers, two that crash in a loop, the others healthy with one
 * to three containers.
 */
export function buildMix(): readonly RawLife[] {
  return Array.from({ length: podCount }, (_, index) => {
    if (index === 0) return buildLife({ index, moments: healthyLife, containers: bigPodContainers });
    const moments = index <= crashLoops ? crashLoop : healthyLife;
    return buildLife({ index, moments, containers: 1 + (index % 3) });
  });
}

function buildLife({
  index,
  moments,
  containers,
}: {
  readonly index: number;
  readonly moments: readonly PodMoment[];
  readonly containers: number;
}): RawLife {
  const digits = String(index).padStart(12, '0');
  const uid = `f178d401-210d-43ac-8b04-${digits}`;
  const shape = { namespace: 'shop', name: `checkout-69fc94cb9f-${digits.slice(-5)}`, uid, containers, createdMs };
  return moments.map((moment, step) => ({
    operation: moment.operation,
    observedAt: new Date(createdMs + moment.second * 1000 + 5).toISOString(),
    object: podObject({ shape, moment, version: 1000 + index * 20 + step }),
  }));
}
