import { podLifecycle } from './inputs/pod-lifecycle.ts';
import { replayClassifications } from './inputs/replay-classifications.ts';
import { watchPods } from './inputs/watch-pods.ts';
import type { PublicWorkflow } from './public-workflow.ts';

/** The workflows that `POST /api/v1/workflows/<type>` starts; each is one operation of the OpenAPI document. */
export const publicWorkflows: readonly PublicWorkflow[] = [replayClassifications, watchPods, podLifecycle];
