// Named re-exports: the export's name is the workflow's type.
export { podLifecycle } from './pod-lifecycle.ts';
export { watchPods } from './watch-pods.ts';
