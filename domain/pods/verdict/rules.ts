import { findEvictionOrDisruption } from './causes/pod/disruption.ts';
import { findAdmissionRejected } from './causes/pod/admission.ts';
import { findDeadlineExceeded } from './causes/pod/deadline.ts';
import { findNodeLost } from './causes/pod/node-lost.ts';
import { findScheduling } from './causes/pod/scheduling.ts';
import { findStuckTerminating } from './causes/pod/stuck-terminating.ts';
import { findEphemeralFailures } from './causes/running/ephemeral.ts';
import { findReadinessFailures } from './causes/running/readiness.ts';
import { findReadinessGates } from './causes/running/readiness-gate.ts';
import { findTerminations } from './causes/running/terminations.ts';
import { findHookFailures } from './causes/startup/hooks.ts';
import { findImagePullFailures } from './causes/startup/image-pull.ts';
import { findSandboxFailure } from './causes/startup/sandbox.ts';
import { findStartupStall } from './causes/startup/startup-stalled.ts';
import { findVolumeMountFailure } from './causes/startup/volume-mount.ts';
import { findWaitingFailures } from './causes/startup/waiting.ts';
import type { Rule } from './rule.ts';

/** Every cause family; a new one is a file and a line here. A rule that needs to know what is explained comes last. */
export const rules: readonly Rule[] = [
  findNodeLost,
  findEvictionOrDisruption,
  findAdmissionRejected,
  findDeadlineExceeded,
  findScheduling,
  findTerminations,
  findImagePullFailures,
  findWaitingFailures,
  findHookFailures,
  findVolumeMountFailure,
  findSandboxFailure,
  findReadinessFailures,
  findReadinessGates,
  findEphemeralFailures,
  findStuckTerminating,
  findStartupStall,
];
