import { describe, expect, it } from '@jest/globals';
import { QueryNotRegisteredError, ServiceError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { Problem } from '../../../../../triggers/http/problems/problem.ts';
import { askRun } from '../../../../../triggers/http/runs/ask-run.ts';

const invalidArgument = 3 as unknown as QueryNotRegisteredError['code'];
/** As the SDK wraps what gRPC says. */
const grpc = (code: number) =>
  new ServiceError('Failed to query Workflow', {
    cause: Object.assign(new Error('secret details'), { code, details: 'secret details', metadata: {} }),
  });
const asked = async (error: Error): Promise<unknown> =>
  await askRun('pod/test/a/b/c', () => Promise.reject(error)).catch((thrown: unknown) => thrown);

describe('asking a run', () => {
  it('answers what it answers', async () => {
    expect(await askRun('pod/test/a/b/c', () => Promise.resolve(7))).toBe(7);
  });

  it('is a problem no_worker, without details of the server, when no worker answers', async () => {
    for (const error of [grpc(1), grpc(4), grpc(9), new WorkflowUpdateRPCTimeoutOrCancelledError('timeout')]) {
      const problem = (await asked(error)) as Problem;
      expect(problem).toBeInstanceOf(Problem);
      expect(problem.code).toBe('no_worker');
      expect(problem.message).toContain('pod/test/a/b/c');
      expect(problem.message).not.toContain('secret');
    }
  });

  it('is one, too, when the worker that answers can not', async () => {
    const problem = (await asked(new QueryNotRegisteredError('Nondeterminism: secret', invalidArgument))) as Problem;
    expect(problem.code).toBe('no_worker');
    expect(problem.message).not.toContain('secret');
  });

  it('passes on whatever else goes wrong', async () => {
    for (const error of [grpc(14), grpc(5), new Error('a bug')]) expect(await asked(error)).toBe(error);
  });
});
