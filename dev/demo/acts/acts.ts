import { restarted, some } from '../../scenarios/conditions.ts';
import { crashLoop } from '../../scenarios/crashes/crash-loop.ts';
import { oom } from '../../scenarios/crashes/oom.ts';
import { livenessKill } from '../../scenarios/probes/liveness-kill.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { configMissing } from '../../scenarios/startup/config-missing.ts';
import { imageMissing } from '../../scenarios/startup/image-missing.ts';
import { deploymentRolled } from '../../scenarios/workloads/deployment-rolled.ts';
import { jobFinished } from '../../scenarios/workloads/job-finished.ts';

/** One thing the demo lets happen, and what a person should see of it. */
export interface Act {
  readonly scenario: Scenario;
  /** The names of its pods, as a person finds them in the table. */
  readonly pods: string;
  readonly shows: string;
  /** What makes simulated nodes play it: an annotation's value, nothing when they do it anyway, `no` when they cannot. */
  readonly simulated: 'oom' | 'crash-loop' | 'image-pull' | 'as it is' | 'no';
}

/** A demo is watched: two restarts tell as much as the four of the recording, in a quarter of the time. */
const shortCrashLoop: Scenario = { ...crashLoop, until: some('crash-loop', restarted(2)) };

export const acts: readonly Act[] = [
  {
    scenario: deploymentRolled,
    pods: 'web-…',
    shows: 'a Deployment of two is rolled: two pods are replaced. Exit code 143, and still no incident',
    simulated: 'as it is',
  },
  {
    scenario: oom,
    pods: 'oom',
    shows: 'asks for 64 MB with a limit of 16 MiB: the kernel kills it. An incident, OOMKilled',
    simulated: 'oom',
  },
  {
    scenario: shortCrashLoop,
    pods: 'crash-loop',
    shows: 'ends with exit code 3 each time it starts. An incident, AppError',
    simulated: 'crash-loop',
  },
  {
    scenario: livenessKill,
    pods: 'liveness-kill',
    shows: 'its liveness probe fails after 5 s: killed with 137, which is not out of memory. LivenessProbeFailed',
    simulated: 'no',
  },
  {
    scenario: imageMissing,
    pods: 'image-missing',
    shows: 'its registry does not answer. An incident, ImagePullFailed',
    simulated: 'image-pull',
  },
  {
    scenario: configMissing,
    pods: 'config-missing',
    shows: 'names a ConfigMap that is not there. An incident, ContainerConfigInvalid',
    simulated: 'no',
  },
  {
    scenario: jobFinished,
    pods: 'report-…',
    shows: 'a Job that finishes. No incident',
    simulated: 'as it is',
  },
];
