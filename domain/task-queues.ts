/** The task queues; one per kind of worker process. A worker polls exactly one. */
export const taskQueues = {
  watch: 'podkeeper-watch',
  pods: 'podkeeper-pods',
  sessions: 'podkeeper-sessions',
} as const;
