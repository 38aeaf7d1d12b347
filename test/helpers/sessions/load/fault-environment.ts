import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestEnvironment } from '../../environment.ts';
import { openEnvironment } from '../../own-environment.ts';
import type { SessionRigOptions } from '../rig/rig-options.ts';
import { type FaultRig, startFaultRig } from './fault-rig.ts';

/** A fault rig on servers of its own, all of which may be killed: Redis by the rig, the others by the environment. */
export interface FaultEnvironment {
  readonly environment: TestEnvironment;
  readonly faults: FaultRig;
  readonly close: () => Promise<void>;
}

/** Starts everything: an API server with a simulated node, a Temporal that keeps its data, Redis, and the rig. */
export async function openFaultEnvironment(
  options: Pick<SessionRigOptions, 'workers'> = {},
): Promise<FaultEnvironment> {
  const folder = await mkdtemp(join(tmpdir(), 'podkeeper-faults-'));
  const closers = [() => rm(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const { environment, close: stop } = await openEnvironment({
      redis: false,
      kubernetes: 'simulated',
      temporalDatabase: join(folder, 'temporal.db'),
    });
    closers.push(stop);
    const faults = await startFaultRig(environment, { ownRedis: true, ...options });
    closers.push(faults.close);
    return { environment, faults, close };
  } catch (error) {
    await close();
    throw error;
  }
}
