import { describe, expect, it } from '@jest/globals';
import type { WorkflowClient } from '@temporalio/client';
import type { KnownPod, KnownPodsStore } from '../../../../platform/redis/known-pods.ts';
import { loadKnownPods } from '../../../../triggers/pod-watch/known/load-known-pods.ts';

const known: [string, KnownPod] = ['uid-1', { namespace: 'shop', name: 'web-1', version: '7', hasRun: true }];

function load(
  loaded: Awaited<ReturnType<KnownPodsStore['load']>>,
  runs: readonly string[],
  namespaces: readonly string[] = [],
  labelSelector?: string,
) {
  const queries: (string | undefined)[] = [];
  const list = (options?: { query?: string }) => {
    queries.push(options?.query);
    return (function* () {
      for (const workflowId of runs) yield { workflowId };
    })();
  };
  return {
    queries,
    result: loadKnownPods({
      store: { load: () => Promise.resolve(loaded) },
      workflow: { list } as unknown as Pick<WorkflowClient, 'list'>,
      cluster: 'test',
      namespaces,
      labelSelector,
    }),
  };
}

describe('the pods a watch knew', () => {
  it('come from Redis alone when its list is complete', async () => {
    const { result, queries } = load({ ok: true, value: { pods: new Map([known]), complete: true } }, [
      'pod/test/a/b/c',
    ]);
    expect(await result).toEqual({ pods: new Map([known]), fromRedis: true });
    expect(queries).toEqual([]);
  });

  it('come from the running runs, too, when Redis was emptied, and Redis knows more of those it has', async () => {
    const { result, queries } = load({ ok: true, value: { pods: new Map([known]), complete: false } }, [
      'pod/test/shop/web-1/uid-1',
      'pod/test/shop/web-2/uid-2',
      'pod/other/shop/web-3/uid-3',
      'watch/test/all',
    ]);
    const second = { namespace: 'shop', name: 'web-2', version: '', hasRun: true };
    expect(await result).toEqual({ pods: new Map([known, ['uid-2', second]]), fromRedis: false });
    expect(queries).toEqual([
      "WorkflowType = 'podLifecycle' AND ExecutionStatus = 'Running' AND PodkeeperCluster = 'test'",
    ]);
  });

  it('come from the running runs of the scope when Redis is down', async () => {
    const runs = ['pod/test/shop/web-2/uid-2', 'pod/test/bank/web-4/uid-4'];
    const { result } = load({ ok: false, reason: 'no connection' }, runs, ['bank']);
    expect([...(await result).pods.keys()]).toEqual(['uid-4']);
  });

  it("are not taken from the running runs with a label selector: those may be another watch's", async () => {
    const empty = { ok: true, value: { pods: new Map(), complete: false } } as const;
    const { result, queries } = load(empty, ['pod/test/a/b/c'], [], 'app=x');
    expect(await result).toEqual({ pods: new Map(), fromRedis: false });
    expect(queries).toEqual([]);
  });
});
