import { setTimeout as sleep } from 'node:timers/promises';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { words } from '../../../helpers/kubernetes/follow.ts';
import { pod } from '../../../helpers/kubernetes/objects.ts';
import {
  answerJson,
  answerReset,
  answerStatus,
  kubeconfigFor,
} from '../../../helpers/kubernetes/scripted-api-server.ts';
import { useScriptedServer } from '../../../helpers/kubernetes/use-scripted-server.ts';

const gapsBetween = (requests: readonly { readonly atMs: number }[]) =>
  requests.slice(1).map(({ atMs }, index) => atMs - (requests[index]?.atMs ?? 0));

describe('a reflector whose requests fail', () => {
  const test = useScriptedServer();

  it.each([400, 401, 403, 404, 406, 408, 409, 418, 422, 429, 500, 502, 503, 504])(
    'goes on after a %i to the list and to the watch',
    async (status) => {
      test.server.script('list', answerStatus(status), answerStatus(status));
      test.server.script('watch', answerStatus(status), answerStatus(status));
      const { until, events } = await test.start();
      (await test.server.nextWatch()).send('ADDED', pod({ name: 'a', version: 101 }));
      await until((all) => all.length === 2);
      expect(words(events)).toEqual(['relisted 100 (0)', 'added uid-a@101']);
    },
  );

  it.each([
    ['a reset connection', answerReset],
    ['a page of HTML', answerJson('<html>502</html>', 502, { 'content-type': 'text/html' })],
    ['an error without a body', answerJson('', 500)],
  ])('goes on after %s', async (_, answer) => {
    test.server.script('list', answer, answer);
    test.server.script('watch', answer, answer);
    const { until, events } = await test.start();
    (await test.server.nextWatch()).send('ADDED', pod({ name: 'a', version: 101 }));
    await until((all) => all.length === 2);
    expect(events).toHaveLength(2);
  });

  it('waits twice as long after each failure, up to a limit', async () => {
    test.server.always.list = answerStatus(500);
    await test.start({ random: () => 0.5, backoff: { firstMs: 20, maxMs: 80 } });
    while (test.server.of('list').length < 6) await sleep(20);
    const gaps = gapsBetween(test.server.of('list'));
    for (const [index, leastMs] of [20, 40, 80, 80, 80].entries()) {
      expect(gaps[index]).toBeGreaterThanOrEqual(leastMs - 2);
      expect(gaps[index]).toBeLessThan(leastMs + 1000);
    }
  });

  it.each([429, 503, 500])('waits as long as Retry-After says when a %i carries it', async (status) => {
    test.server.script('list', answerStatus(status, 'TooManyRequests', { 'retry-after': '1' }));
    const { until } = await test.start();
    await until((all) => all.length === 1);
    const [gap] = gapsBetween(test.server.of('list'));
    expect(gap).toBeGreaterThanOrEqual(990);
    expect(gap).toBeLessThan(5000);
  });

  it('reads the credentials again after a 401, at once and once', async () => {
    test.server.script('list', (seen, response) => {
      void writeFile(test.server.kubeconfigPath, JSON.stringify(kubeconfigFor(test.server.url, 'second-token'))).then(
        () => answerStatus(401, 'Unauthorized')(seen, response),
      );
    });
    const { until } = await test.start({ backoff: { firstMs: 60_000, maxMs: 60_000 } });
    await until((all) => all.length === 1);
    expect(test.server.of('list').map(({ headers }) => headers.authorization)).toEqual([
      'Bearer first-token',
      'Bearer second-token',
    ]);
  });

  it('backs off when the credentials it has read again are refused too', async () => {
    test.server.always.list = answerStatus(401, 'Unauthorized');
    await test.start({ random: () => 0.5, backoff: { firstMs: 1000, maxMs: 1000 } });
    while (test.server.of('list').length < 4) await sleep(20);
    const gaps = gapsBetween(test.server.of('list'));
    expect(gaps[0]).toBeLessThan(900);
    for (const gap of gaps.slice(1)) expect(gap).toBeGreaterThanOrEqual(998);
  });

  it('goes on when the kubeconfig can not be read again', async () => {
    test.server.script('list', (seen, response) => {
      void writeFile(test.server.kubeconfigPath, 'no kubeconfig').then(() => answerStatus(401)(seen, response));
    });
    const { until, events } = await test.start();
    await until((all) => all.length === 1);
    expect(words(events)).toEqual(['relisted 100 (0)']);
  });

  it('says which verb on which resource a 403 is missing, for as long as it is, and keeps trying slowly', async () => {
    test.server.script('list', answerStatus(403, 'Forbidden'), answerStatus(403, 'Forbidden'));
    test.server.script('watch', answerStatus(403, 'Forbidden'));
    const { reflector, until } = await test.start({ backoff: { slowMs: 150 }, random: () => 0.5 });
    const missing = async () => {
      while (reflector.missingPermission === null) await sleep(5);
    };
    await missing();
    expect(reflector.missingPermission).toEqual({ verb: 'list', resource: 'pods' });
    await until((all) => all.length === 1);
    for (const gap of gapsBetween(test.server.of('list'))) expect(gap).toBeGreaterThanOrEqual(148);
    await missing();
    expect(reflector.missingPermission).toEqual({ verb: 'watch', resource: 'pods' });
    (await test.server.nextWatch()).bookmark(101);
    await until((all) => all.length === 2);
    expect(reflector.missingPermission).toBeNull();
  });

  it('goes on when there is no server at all for a while', async () => {
    const { until, reflector } = await test.start({ fromVersion: '100' });
    const watch = await test.server.nextWatch();
    await test.server.stopListening();
    watch.reset();
    while (reflector.lastFailure?.message.includes('ECONNREFUSED') !== true) await sleep(5);
    await test.server.listenAgain();
    (await test.server.nextWatch()).send('ADDED', pod({ name: 'a', version: 101 }));
    await until((all) => all.length === 1);
  });
});
