import type { Client } from '@temporalio/client';
import type { TryAnswer } from '../../domain/replay/replay.ts';
import { findReclassification, sayStranger } from './ask/find-reclassification.ts';
import { refuseForeignCluster } from '../refuse-foreign-cluster.ts';

export interface FindRivalInput {
  readonly cluster: string;
  /** Of the closed pod run. */
  readonly workflowId: string;
}

/** Why a closed run's reclassification could not be started: an earlier one has done it, or another one is at it. */
export function createFindRival({ client, cluster }: { readonly client: Client; readonly cluster: string }) {
  return async function findRival(input: FindRivalInput): Promise<TryAnswer> {
    refuseForeignCluster({ asked: input.cluster, served: cluster });
    const rival = await findReclassification({ client, cluster, podWorkflowId: input.workflowId });
    if (rival?.stranger !== undefined) return { kind: 'refused', reason: sayStranger(rival.stranger) };
    if (rival?.status === 'COMPLETED') return { kind: 'already-fixed' };
    const who = rival?.replayId === undefined ? 'another run' : `the replay "${rival.replayId}"`;
    return { kind: 'refused', reason: `already running: ${who} was trying this pod at the same time` };
  };
}
