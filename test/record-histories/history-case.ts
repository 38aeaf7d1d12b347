import type { WorkflowServers } from '../helpers/workflows/workflow-servers.ts';

/** One run whose history is kept; `runId` where the id alone would name a later run of the same workflow. */
export interface RecordedRun {
  readonly workflowId: string;
  readonly runId?: string;
}

/** Something that happens to one run, played on a real server. Ends when nothing more will come into its history. */
export interface HistoryCase {
  readonly workflow:
    'podLifecycle' | 'watchPods' | 'replayClassifications' | 'reclassify' | 'session' | 'sweepSessions';
  /** File name without extension. */
  readonly name: string;
  readonly play: (servers: WorkflowServers) => Promise<RecordedRun>;
}
