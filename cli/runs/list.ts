import { printTable } from '../output.ts';
import { withTemporal } from '../temporal-target.ts';
import { type RunRow, runRow } from '../../platform/temporal/runs/run-row.ts';
import { type RunFilter, visibilityQuery } from '../../platform/temporal/runs/visibility-query.ts';

/** Prints the runs a filter matches, newest first (Temporal's own order). */
export async function listRuns(options: {
  readonly filter: RunFilter;
  readonly limit: number;
  readonly output: 'table' | 'json';
}): Promise<void> {
  const { filter, limit, output } = options;
  const query = visibilityQuery(filter);
  await withTemporal(async ({ client, runUrl }) => {
    const rows: RunRow[] = [];
    let more = false;
    for await (const info of client.workflow.list({ query, pageSize: Math.min(limit + 1, 1000) })) {
      more = rows.length === limit;
      if (more) break;
      const row = runRow(info, runUrl(info.workflowId, info.runId));
      rows.push(row);
      if (output === 'json') console.log(JSON.stringify(row));
    }
    if (output === 'table') print(rows);
    if (more) console.error(`There are more than ${limit} runs: raise --limit or narrow the filter.`);
  });
}

function print(rows: readonly RunRow[]): void {
  if (rows.length === 0) {
    console.error('No run matches. Is a watch running? "podkeeper watch status" tells.');
    return;
  }
  printTable(rows, [
    { title: 'RUN', value: ({ workflowId }) => workflowId },
    { title: 'STATUS', value: ({ status }) => status.toLowerCase() },
    { title: 'STATE', value: ({ state }) => state ?? '' },
    { title: 'CAUSE', value: ({ cause }) => cause ?? '' },
    { title: 'SEVERITY', value: ({ severity }) => severity ?? '' },
    { title: 'RESTARTS', value: ({ restarts }) => (restarts === null ? '' : String(restarts)) },
    { title: 'STARTED', value: ({ startedAt }) => startedAt.slice(0, 19) },
  ]);
}
