import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { runRow } from '../../../platform/temporal/runs/run-row.ts';
import { type RunFilter, visibilityQuery } from '../../../platform/temporal/runs/visibility-query.ts';
import { searchAttributePairs } from '../../../domain/search-attributes.ts';
import { taskQueues } from '../../../domain/task-queues.ts';
import { podLifecycleType } from '../../../workflows/pod-lifecycle.messages.ts';
import { startWorkflowServers, type WorkflowServers } from '../../helpers/workflows/workflow-servers.ts';

describe('a filter of runs, asked of a real server', () => {
  let servers: WorkflowServers;
  // Of double quotes and backslashes the local server's store finds none, however they are escaped; no name has them.
  const odd = `it's a' OR 'b' = 'b`;
  beforeAll(async () => {
    servers = await startWorkflowServers();
    for (const [workflowId, owner] of [
      ['odd', odd],
      ['plain', 'ReplicaSet/web'],
    ] as const) {
      await servers.client.workflow.start(podLifecycleType, {
        workflowId,
        taskQueue: taskQueues.pods,
        args: [],
        typedSearchAttributes: searchAttributePairs({ owner, state: 'Degraded', tags: ['pod', 'add'], restarts: 2 }),
      });
    }
    while ((await find({})).length < 2) await sleep(100);
  }, 60_000);
  afterAll(() => servers.close());

  const find = async (filter: RunFilter) => {
    const rows = [];
    for await (const info of servers.client.workflow.list({ query: visibilityQuery(filter) })) {
      rows.push(runRow(info, undefined));
    }
    return rows;
  };

  it('finds a run by a value with quotes, and no other', async () => {
    expect((await find({ owner: odd })).map(({ workflowId }) => workflowId)).toEqual(['odd']);
  });

  it('finds runs by tag, type and status together, with what they show', async () => {
    const rows = await find({ tag: 'add', type: podLifecycleType, status: 'running', owner: 'ReplicaSet/web' });
    expect(rows).toMatchObject([{ workflowId: 'plain', state: 'Degraded', restarts: 2, tags: ['pod', 'add'] }]);
    expect(await find({ tag: 'delete' })).toEqual([]);
  });
});
