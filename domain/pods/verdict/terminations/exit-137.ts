import type { EndStep } from './end.ts';
import { decideKilled } from './steps/killed.ts';
import { decideNodeOom, decideNodeTrouble } from './steps/node-end.ts';
import { decideOom } from './steps/oom.ts';
import { decidePostStart } from './steps/post-start.ts';
import { decideInferredProbe, decideProvenProbe } from './steps/probe.ts';
import { decideStartError } from './steps/start-error.ts';
import { decideStatusLost } from './steps/status-lost.ts';
import { decideDeadline, decideDeleted, decideDisrupted, decideSidecarStop } from './steps/stops.ts';
import { decideSucceededPod } from './steps/exit-zero.ts';

/**
 * The order in which an end with exit code 137 is judged. 137 only says SIGKILL; it alone is never called out of memory.
 * The numbers are those of docs/verdicts.md.
 */
export const exit137Steps: readonly EndStep[] = [
  decideStatusLost, // 1: the code is a placeholder
  decideOom, // 2: the kernel's own word
  decideSidecarStop,
  decideSucceededPod,
  decideDisrupted, // 3
  decideDeadline,
  decideProvenProbe, // 4, by Events
  decideInferredProbe, // 4, by the Pod alone; asks that nothing of 3, 5, 6 and 7 was going on
  decidePostStart, // 5
  decideDeleted, // 6
  decideStartError,
  decideNodeOom, // 7
  decideNodeTrouble, // 7
  decideKilled, // 8
];
