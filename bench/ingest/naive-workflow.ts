import { proxyActivities } from '@temporalio/workflow';
import type { Classification } from '../../domain/pods/classification.ts';
import type { ObservedChange } from '../../domain/pods/pod-change.ts';
import type { NaiveActivities } from './naive-activities.ts';

/** The rival: one workflow for each change, which runs one regular activity and keeps nothing of the pod. */
export async function classifyNaively(change: ObservedChange): Promise<Classification> {
  const { classifyOne } = proxyActivities<NaiveActivities>({ startToCloseTimeout: '30s' });
  return await classifyOne(change);
}
