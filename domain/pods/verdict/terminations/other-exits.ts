import type { EndStep } from './end.ts';
import { decideAppError, decideSignalled } from './steps/crash.ts';
import { decideExitZero, decideSucceededPod } from './steps/exit-zero.ts';
import { decideNodeTrouble } from './steps/node-end.ts';
import { decideOom } from './steps/oom.ts';
import { decidePostStart } from './steps/post-start.ts';
import { decideInferredProbe, decideProvenProbe } from './steps/probe.ts';
import { decideStartError } from './steps/start-error.ts';
import { decideStatusLost } from './steps/status-lost.ts';
import { decideDeadline, decideDeleted, decideDisrupted, decideSidecarStop } from './steps/stops.ts';

/** 255 is what a runtime reports for a container it lost, as after a reboot. */
const decideLostByNode: EndStep = (input) => (input.end.record.exitCode === 255 ? decideNodeTrouble(input) : undefined);

/** The order in which any end but 137 is judged: what is not a crash comes first. */
export const otherExitSteps: readonly EndStep[] = [
  decideStatusLost,
  decideOom,
  decideSidecarStop,
  decideSucceededPod,
  decideDisrupted,
  decideDeadline,
  decideProvenProbe,
  decidePostStart,
  decideDeleted,
  decideStartError,
  decideExitZero,
  decideInferredProbe,
  decideLostByNode,
  decideSignalled,
  decideAppError,
];
