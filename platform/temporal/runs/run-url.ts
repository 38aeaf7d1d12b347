/** The address of a run's page in the Temporal UI. */
export type RunUrl = (workflowId: string, runId: string) => string;

/** Leads to the tab that shows a run's summary and current details. */
export function createRunUrl({ uiUrl, namespace }: { readonly uiUrl: string; readonly namespace: string }): RunUrl {
  const root = uiUrl.replace(/\/+$/, '');
  return (workflowId, runId) =>
    `${root}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/user-metadata`;
}
