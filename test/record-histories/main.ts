import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { startWorkflowServers } from '../helpers/workflows/workflow-servers.ts';
import { podCases } from './pod-cases.ts';
import { replayCases } from './replay-cases.ts';
import { rulesInForce } from './rules-in-force.ts';
import { sessionCases } from './session-cases.ts';
import { watchCases } from './watch-cases.ts';

// `npm run record:histories`, with PODKEEPER_DEV_STATE naming a running local environment: plays every case that has no
// history yet on a real server and keeps what the server recorded. A history that is there is never written again:
// only so can replaying it show that a change breaks runs that were started before it.

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The history as recorded, but for what tells of the machine: worker identities and the path of the checkout. */
function portable(json: string): string {
  const anonymous = (key: string, value: unknown): unknown =>
    typeof value !== 'string' ? value : key === 'identity' ? 'recorded' : value.replaceAll(root, '');
  return `${JSON.stringify(JSON.parse(json, anonymous), null, 1)}\n`;
}

const servers = await startWorkflowServers();
const podWorker = await servers.startPodWorker({ rules: rulesInForce, replayPageSize: 3 });
for (const { workflow, name, play } of [...podCases, ...watchCases, ...replayCases, ...sessionCases]) {
  const path = fileURLToPath(new URL(`../histories/${workflow}/${name}.json`, import.meta.url));
  if (existsSync(path)) {
    console.log(`kept      ${workflow}/${name}`);
    continue;
  }
  const { workflowId, runId } = await play(servers);
  const history = await servers.client.workflow.getHandle(workflowId, runId).fetchHistory();
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, portable(historyToJSON(history)), { flag: 'wx' });
  console.log(`recorded  ${workflow}/${name}: ${history.events?.length ?? 0} events`);
}
await podWorker.stop();
await servers.close();
