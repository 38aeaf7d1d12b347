import { crashLoop } from './crashes/crash-loop.ts';
import { exits0 } from './crashes/exits-0.ts';
import { oomChildExit0 } from './crashes/oom-child-exit-0.ts';
import { oomOtherCode } from './crashes/oom-other-code.ts';
import { oom } from './crashes/oom.ts';
import { restartRule } from './crashes/restart-rule.ts';
import { segfault } from './crashes/segfault.ts';
import { activeDeadline } from './endings/active-deadline.ts';
import { deleteForced } from './endings/delete-forced.ts';
import { deleteGraceful } from './endings/delete-graceful.ts';
import { deleteIgnored } from './endings/delete-ignored.ts';
import { deleteWhileCrashing } from './endings/delete-while-crashing.ts';
import { evicted } from './endings/evicted.ts';
import { preStopFails } from './endings/pre-stop-fails.ts';
import { sidecarFailsLate } from './endings/sidecar-fails-late.ts';
import { livenessKillExit0 } from './probes/liveness-kill-exit-0.ts';
import { livenessKill } from './probes/liveness-kill.ts';
import { readinessFails } from './probes/readiness-fails.ts';
import { readinessGate } from './probes/readiness-gate.ts';
import { startupProbeFails } from './probes/startup-probe-fails.ts';
import type { Scenario } from './scenario.ts';
import { preempted } from './scheduling/preempted.ts';
import { schedulingGate } from './scheduling/scheduling-gate.ts';
import { unschedulable } from './scheduling/unschedulable.ts';
import { commandNotFound } from './startup/command-not-found.ts';
import { configMissing } from './startup/config-missing.ts';
import { ephemeralCannotPull } from './startup/ephemeral-cannot-pull.ts';
import { imageMissing } from './startup/image-missing.ts';
import { imageNameInvalid } from './startup/image-name-invalid.ts';
import { imageNeverPulled } from './startup/image-never-pulled.ts';
import { initFailsAlways } from './startup/init-fails-always.ts';
import { initFailsNever } from './startup/init-fails-never.ts';
import { postStartFails } from './startup/post-start-fails.ts';
import { volumeMissing } from './startup/volume-missing.ts';
import { deploymentRolled } from './workloads/deployment-rolled.ts';
import { jobFailed } from './workloads/job-failed.ts';
import { jobFinished } from './workloads/job-finished.ts';

/** Every scenario there is; the longest come first, so that a recording of all of them takes little longer than one. */
export const scenarios: readonly Scenario[] = [
  crashLoop,
  initFailsAlways,
  exits0,
  evicted,
  oom,
  oomOtherCode,
  oomChildExit0,
  restartRule,
  segfault,
  livenessKill,
  livenessKillExit0,
  startupProbeFails,
  readinessFails,
  readinessGate,
  imageMissing,
  imageNeverPulled,
  imageNameInvalid,
  configMissing,
  volumeMissing,
  commandNotFound,
  postStartFails,
  initFailsNever,
  ephemeralCannotPull,
  activeDeadline,
  deleteForced,
  deleteGraceful,
  deleteIgnored,
  deleteWhileCrashing,
  preStopFails,
  sidecarFailsLate,
  unschedulable,
  schedulingGate,
  preempted,
  deploymentRolled,
  jobFinished,
  jobFailed,
];
