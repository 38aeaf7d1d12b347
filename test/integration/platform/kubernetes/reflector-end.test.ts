import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createReflector } from '../../../../platform/kubernetes/reflector/reflector.ts';
import { createConnection } from '../../../../platform/kubernetes/connection/connection.ts';
import { createMetrics } from '../../../../platform/metrics.ts';
import { type TestObject, pod } from '../../../helpers/kubernetes/objects.ts';
import { answerStatus } from '../../../helpers/kubernetes/scripted-api-server.ts';
import { useScriptedServer } from '../../../helpers/kubernetes/use-scripted-server.ts';

/** Far below any wait that is cut short here, far above what a busy machine takes. */
const promptMs = 2000;

describe('the end of a reflector', () => {
  const test = useScriptedServer();

  const endsPromptly = async ({ abort, done }: { abort: () => void; done: Promise<void> }) => {
    const startedAtMs = Date.now();
    abort();
    await done;
    expect(Date.now() - startedAtMs).toBeLessThan(promptMs);
    const seen = test.server.requests.length;
    await sleep(150);
    expect(test.server.requests).toHaveLength(seen);
  };

  it('comes with the signal while it watches: the connection is cut and nothing more is asked for', async () => {
    const following = await test.start({ fromVersion: '100' });
    const watch = await test.server.nextWatch();
    await endsPromptly(following);
    await watch.closed;
  });

  it('comes with the signal while it waits after a failure', async () => {
    test.server.always.list = answerStatus(403);
    const following = await test.start({ backoff: { slowMs: 60_000 } });
    await sleep(100);
    await endsPromptly(following);
  });

  it('comes with the signal while an answer is waited for', async () => {
    test.server.always.list = () => undefined;
    const following = await test.start();
    await sleep(100);
    await endsPromptly(following);
  });

  it('comes with the signal while the consumer has not taken what was read', async () => {
    const following = await test.start({ fromVersion: '100', queueLimit: 1 });
    const watch = await test.server.nextWatch();
    for (let version = 101; version < 120; version++) watch.send('ADDED', pod({ name: `p${version}`, version }));
    await endsPromptly(following);
    await watch.closed;
    expect(following.reflector.queueDepth).toBe(0);
  });

  it('comes when the consumer leaves its loop, and leaves no socket open once the connection is closed', async () => {
    const connection = await createConnection({ kubeconfigPath: test.server.kubeconfigPath });
    const reflector = createReflector<TestObject>({
      connection,
      path: '/api/v1/pods',
      resource: 'pods',
      known: new Map(),
      queueLimit: 10,
      metrics: createMetrics(),
      signal: new AbortController().signal,
    });
    for await (const event of reflector) {
      if (event.kind === 'relisted') (await test.server.nextWatch()).send('ADDED', pod({ name: 'a', version: 101 }));
      else break;
    }
    const seen = test.server.requests.length;
    await connection.close();
    await sleep(100);
    expect(test.server.openSockets.size).toBe(0);
    expect(test.server.requests).toHaveLength(seen);
  });

  it('has come before the beginning when the signal was aborted already', async () => {
    const connection = await createConnection({ kubeconfigPath: test.server.kubeconfigPath });
    const reflector = createReflector<TestObject>({
      connection,
      path: '/api/v1/pods',
      resource: 'pods',
      known: new Map(),
      queueLimit: 10,
      metrics: createMetrics(),
      signal: AbortSignal.abort(),
    });
    for await (const event of reflector) expect(event).toBeUndefined();
    expect(test.server.requests).toHaveLength(0);
    await expect(reflector[Symbol.asyncIterator]().next()).rejects.toThrow('once');
  });
});
