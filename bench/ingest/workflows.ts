// The bundle of the bench's worker: the export's name is the workflow's type.
export { podLifecycle } from '../../workflows/pod-lifecycle.ts';
export { classifyNaively } from './naive-workflow.ts';
