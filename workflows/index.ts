// Named re-exports: the export's name is the workflow's type.
export { podLifecycle } from './pod-lifecycle.ts';
export { reclassify } from './reclassify.ts';
export { replayClassifications } from './replay-classifications.ts';
export { session } from './session.ts';
export { sweepSessions } from './sweep-sessions.ts';
export { watchPods } from './watch-pods.ts';
