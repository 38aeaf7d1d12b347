import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeySource } from '../../../../platform/auth/keys/key-source.ts';
import { createRemoteKeys } from '../../../../platform/auth/keys/remote-keys.ts';
import { createTokenVerifier } from '../../../../platform/auth/token-verifier.ts';
import {
  createProviderKey,
  type KeyServer,
  type ProviderKey,
  startKeyServer,
} from '../../../helpers/http/key-server.ts';
import { captureLog, type LogCapture } from '../../../helpers/log-capture.ts';

type Times = NonNullable<Parameters<typeof createRemoteKeys>[0]['times']>;

describe('keys from an address', () => {
  let server: KeyServer;
  let first: ProviderKey;
  let second: ProviderKey;
  let log: LogCapture;
  const sources: KeySource[] = [];

  beforeEach(async () => {
    [first, second] = await Promise.all([createProviderKey('first'), createProviderKey('second')]);
    server = await startKeyServer(first);
    log = captureLog();
  });
  afterEach(async () => {
    for (const source of sources.splice(0)) source.close();
    await server.close();
  });

  const open = (times: Times = {}) => {
    const keys = createRemoteKeys({ url: server.url, logger: log.logger, times });
    sources.push(keys);
    const verify = createTokenVerifier({ secrets: [], keys, issuer: 'podkeeper', audience: 'podkeeper' });
    const accepts = async (key: ProviderKey) => {
      const token = await key.sign();
      return verify(token).then(
        () => true,
        () => false,
      );
    };
    return { keys, accepts };
  };
  const until = async (holds: () => boolean | Promise<boolean>) => {
    for (let tries = 0; tries < 400 && !(await holds()); tries += 1) await sleep(25);
    expect(await holds()).toBe(true);
  };

  it('are fetched once for many requests', async () => {
    const { accepts, keys } = open();
    expect(await Promise.all(Array.from({ length: 20 }, () => accepts(first)))).not.toContain(false);
    expect(server.requests()).toBe(1);
    expect(keys.problem()).toBeUndefined();
  });

  it('are fetched again for a key id not seen before: a rotation needs no restart', async () => {
    const { accepts } = open({ unknownKey: 0 });
    expect(await accepts(first)).toBe(true);
    server.answer([first, second]);
    expect(await accepts(second)).toBe(true);
    expect(await accepts(first)).toBe(true);
  });

  it('are fetched once in 30 s for unknown key ids, however many come', async () => {
    const { accepts } = open();
    expect(await accepts(first)).toBe(true);
    server.answer([second]);
    for (let tries = 0; tries < 20; tries += 1) expect(await accepts(second)).toBe(false);
    expect(server.requests()).toBe(1);
  });

  it('no longer accept a key that was taken out, once they were fetched again', async () => {
    const { accepts } = open({ refresh: 50 });
    expect(await accepts(first)).toBe(true);
    server.answer([second]);
    await until(async () => !(await accepts(first)));
  });

  it.each([
    ['answers 500', { status: 500 }],
    ['answers nonsense', { status: 200, body: '<html>' }],
    ['answers without keys', { status: 200, body: '{"keys":[]}' }],
    ['sends elsewhere', { status: 302, location: 'http://127.0.0.1:1/' }],
    ['answers without end', { status: 200, body: ' '.repeat(300_000) }],
    ['answers a secret', { status: 200, body: '{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"first"}]}' }],
  ])('stay in force while their server %s', async (_title, answer) => {
    const { accepts, keys } = open({ refresh: 30, retry: 30 });
    expect(await accepts(first)).toBe(true);
    server.answer(answer);
    await until(() => log.text().includes('could not be fetched'));
    expect(await accepts(first)).toBe(true);
    expect(keys.problem()).toBeUndefined();
  });

  it('stay in force for their time only, then the process is not ready', async () => {
    const { accepts, keys } = open({ refresh: 30, retry: 30, keep: 500 });
    expect(await accepts(first)).toBe(true);
    server.answer({ status: 500 });
    await until(() => keys.problem() !== undefined);
    expect(await accepts(first)).toBe(false);
    server.answer([first]);
    await until(() => keys.problem() === undefined);
    expect(await accepts(first)).toBe(true);
  });

  it('come by themselves when their server was down at the start', async () => {
    server.answer({ status: 503 });
    const { accepts, keys } = open({ firstRetry: 30 });
    expect(await accepts(first)).toBe(false);
    expect(keys.problem()).toContain('could not be fetched');
    server.answer([first]);
    await until(() => keys.problem() === undefined);
    expect(await accepts(first)).toBe(true);
  });

  it('are given up on in time when their server does not answer', async () => {
    server.answer('hang');
    const { accepts, keys } = open({ fetchTimeout: 200 });
    expect(await accepts(first)).toBe(false);
    expect(keys.problem()).toBeDefined();
  });
});
