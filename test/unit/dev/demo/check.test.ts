import { describe, expect, it } from '@jest/globals';
import { checkDemo } from '../../../../dev/demo/check.ts';
import { act, demoRun, entry, seenPod } from '../../../helpers/demo/demo-run.ts';

const added = entry({ version: '1', operation: 'add' });
const crashed = entry({ version: '2', cause: 'AppError' });

function problems(input: Partial<Parameters<typeof checkDemo>[0]>): string[] {
  const checks = checkDemo({ acts: [act([])], pods: [seenPod()], runs: [demoRun()], ...input });
  return checks.filter(({ ok }) => !ok).map(({ what }) => what);
}

describe('the check of the demo', () => {
  it('is content when each pod has one run that tells what was caused', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ acts: [act(['AppError'])], runs: [demoRun({ timeline: [added, crashed] })] })).toEqual([]);
  });

  it('finds a caused incident that no run tells', () => {
    expect(problems({ acts: [act(['AppError'])] })).toEqual(['web: AppError was caused and not seen']);
  });

  it('finds an incident that nobody caused', () => {
    expect(problems({ runs: [demoRun({ timeline: [added, crashed] })] })).toEqual([
      'web: an incident of AppError that nobody caused',
    ]);
  });

  it('finds a pod without a run, and one with two', () => {
    expect(problems({ runs: [] })).toEqual(['web: 0 runs instead of 1']);
    expect(problems({ runs: [demoRun(), demoRun({ runId: 'run-2' })] })).toEqual(['web: 2 runs instead of 1']);
  });

  it('finds a run of a pod that never was', () => {
    const stranger = demoRun({ uid: 'uid-other', workflowId: 'pod/demo/demo/other/uid-other' });
    expect(problems({ runs: [demoRun(), stranger] })).toEqual([
      'runs of pods that never were: pod/demo/demo/other/uid-other',
    ]);
  });

  it('finds that a scenario made no pod at all', () => {
    expect(problems({ pods: [], runs: [] })).toEqual(['web: the cluster never showed this pod']);
  });

  it('finds a change told twice and a beginning that is not told', () => {
    expect(
      problems({ runs: [demoRun({ timeline: [added, entry({ version: '2' }), entry({ version: '2' })] })] }),
    ).toEqual(['web: a change is in its timeline twice']);
    expect(problems({ runs: [demoRun({ timeline: [entry({ version: '2' })] })] })).toEqual([
      'web: it does not appear exactly once',
    ]);
  });

  it('does not take a review of the same version for a change told twice', () => {
    const review = entry({ version: '2', operation: 'review' });
    expect(problems({ runs: [demoRun({ timeline: [added, entry({ version: '2' }), review] })] })).toEqual([]);
  });

  it('finds missed and invented restarts', () => {
    expect(problems({ pods: [seenPod({ restarts: 2 })] })).toEqual(['web: 0 restarts instead of 2']);
  });

  it('wants the run of a deleted pod to say so and to be closed', () => {
    const pods = [seenPod({ deleted: true })];
    const gone = { gone: true, operations: { add: 1, update: 1, delete: 1 } };
    expect(problems({ pods })).toEqual(['web: the pod is gone and its run does not say so']);
    expect(problems({ pods, runs: [demoRun({ state: gone })] })).toHaveLength(1);
    expect(problems({ pods, runs: [demoRun({ state: gone, status: 'COMPLETED' })] })).toEqual([]);
    expect(problems({ runs: [demoRun({ state: gone })] })).toEqual(['web: the run says the pod is gone; it is there']);
  });

  it('finds that a finished pod is not told as completed, and changes that could not be classified', () => {
    expect(problems({ pods: [seenPod({ phase: 'Succeeded' })] })).toEqual([
      'web: succeeded, and its run does not say so',
    ]);
    expect(problems({ runs: [demoRun({ state: { failed: 1 } })] })).toEqual(['web: 1 changes could not be classified']);
  });
});
