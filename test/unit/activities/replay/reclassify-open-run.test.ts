import { describe, expect, it } from '@jest/globals';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createReclassifyOpenRun } from '../../../../activities/replay/reclassify-open-run.ts';
import { podLifecycleType } from '../../../../workflows/pod-lifecycle.messages.ts';

const input = { cluster: 'test', workflowId: 'pod/test/shop/web-1/uid-1', requestId: 'r', reason: '' };

/** A client of a run that takes no update, and is described like this afterwards; `state` is its search attribute. */
function clientOf(status: string, state = 'classification-failed'): Client {
  const typedSearchAttributes = { getAll: () => [{ key: { name: 'PodkeeperState' }, value: state }] };
  const handle = {
    executeUpdate: () => Promise.reject(new WorkflowNotFoundError('not found', input.workflowId, undefined)),
    describe: () =>
      Promise.resolve({ type: podLifecycleType, status: { name: status }, runId: 'run-2', typedSearchAttributes }),
  };
  const client = {
    workflow: { getHandle: () => handle },
    withDeadline: (_deadline: number, ask: () => Promise<unknown>) => ask(),
  };
  return client as unknown as Client;
}

const ask = (client: Client): Promise<unknown> =>
  new MockActivityEnvironment().run(createReclassifyOpenRun({ client, cluster: 'test' }), input);

describe('a run that takes no update', () => {
  it('is asked again when it still runs: it just continued as new', async () => {
    await expect(ask(clientOf('RUNNING'))).rejects.toMatchObject({
      nonRetryable: false,
      message: 'the run took no update; it is running',
    });
  });

  it('has nothing left only when it completed', async () => {
    expect(await ask(clientOf('COMPLETED'))).toEqual({
      kind: 'gone',
      reason: 'the run completed: nothing is left to try',
    });
  });

  it('is tried by its failure when it failed', async () => {
    expect(await ask(clientOf('FAILED'))).toEqual({ kind: 'closed', runId: 'run-2' });
  });

  it.each([
    ['CANCELLED', 'was cancelled'],
    ['TERMINATED', 'was terminated'],
    ['TIMED_OUT', 'timed out'],
  ])('lost its inputs when it ended as %s with failures, and had none otherwise', async (status, said) => {
    expect(await ask(clientOf(status))).toEqual({
      kind: 'lost',
      reason: `the run ${said}: what it could not classify is lost`,
    });
    expect(await ask(clientOf(status, 'Healthy'))).toMatchObject({ kind: 'gone' });
  });
});
