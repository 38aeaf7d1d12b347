import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../../platform/config.ts';
import { ConfigError } from '../../../../platform/config/config-error.ts';
import { loadSessionSettings } from '../../../../platform/sessions/load-session-settings.ts';

let folder: string;
let keysFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podkeeper-classes-'));
  keysFile = await fileWith(`k1:${Buffer.alloc(32, 7).toString('base64')}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
async function fileWith(text: string): Promise<string> {
  const file = join(folder, `file-${(files += 1)}`);
  await writeFile(file, text);
  return file;
}

const load = (env: Readonly<Record<string, string>>) =>
  loadSessionSettings(
    loadConfig({
      TEMPORAL_CONFIG_FILE: '/nonexistent',
      SIGNING_KEYS_FILE: keysFile,
      SESSION_POD_IMAGE: 'pod:1',
      ...env,
    }),
  );
const loadFile = async (text: string, env: Readonly<Record<string, string>> = {}) =>
  load({ SESSION_CLASSES_FILE: await fileWith(text), ...env });

async function faultsOf(env: Readonly<Record<string, string>>) {
  const error: unknown = await load(env).catch((reason: unknown) => reason);
  if (!(error instanceof ConfigError)) throw error;
  return error.faults;
}

describe('the settings of sessions', () => {
  it('are the class "default" alone without a file, as the environment says it', async () => {
    const { classes, signingKeys, warnings } = await load({ IDLE_TIMEOUT_SECONDS: '60', SESSION_POD_CPU_LIMIT: '2' });
    expect([...classes.values()]).toEqual([
      {
        name: 'default',
        image: 'pod:1',
        port: 8080,
        resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2', memory: '512Mi' } },
        env: {},
        probePath: '/healthz',
        idleTimeoutSeconds: 60,
        maxLifetimeSeconds: 28_800,
        holdSeconds: 30,
        drainSeconds: 30,
        bodyLimitBytes: 10_485_760,
        identity: 'native',
        openSocketIsActive: true,
        busyPath: null,
        nodeSelector: {},
        tolerations: [],
      },
    ]);
    expect(signingKeys.kid).toBe('k1');
    expect(warnings).toEqual([]);
  });

  it('have the classes of the file, and what those leave out', async () => {
    const { classes } = await loadFile(
      'version: 1\nclasses: { gpu: { image: gpu:2, identity: none, resources: { limits: { cpu: 4, nvidia.com/gpu: 1 } } } }',
      { SESSION_POD_PORT: '9000', SESSION_POD_IDENTITY: 'none', IDLE_TIMEOUT_SECONDS: '90' },
    );
    expect([...classes.keys()]).toEqual(['default', 'gpu']);
    expect(classes.get('default')).toMatchObject({ image: 'pod:1', port: 9000, identity: 'none' });
    expect(classes.get('gpu')).toMatchObject({
      name: 'gpu',
      image: 'gpu:2',
      port: 8080,
      identity: 'none',
      idleTimeoutSeconds: 90,
      resources: {
        requests: { cpu: '100m', memory: '128Mi' },
        limits: { cpu: '4', memory: '512Mi', 'nvidia.com/gpu': '1' },
      },
    });
  });

  it('take the class "default" of the file before the environment, and say when that is overruled', async () => {
    const text = 'version: 1\nclasses: { default: { image: mine:1, busyPath: /busy } }';
    const { classes, warnings } = await loadFile(text, { SESSION_POD_PORT: '9000' });
    expect(classes.get('default')).toMatchObject({ image: 'mine:1', port: 9000, busyPath: '/busy' });
    expect(warnings).toEqual([expect.stringMatching(/^SESSION_POD_IMAGE is not used/)]);
    const { classes: withoutImage, warnings: none } = await loadFile(text.replace('image: mine:1, ', ''));
    expect(withoutImage.get('default')).toMatchObject({ image: 'pod:1', busyPath: '/busy' });
    expect(none).toEqual([]);
  });

  it('warn of a drain that is over before gateways know of it', async () => {
    const { warnings } = await loadFile('version: 1\nclasses: { quick: { image: a, drainSeconds: 9 } }');
    expect(warnings).toEqual([expect.stringContaining('The class quick has drainSeconds: 9')]);
    const { warnings: none } = await loadFile('version: 1\nclasses: { quick: { image: a, drainSeconds: 10 } }');
    expect(none).toEqual([]);
  });

  it('warn of an idle time-out that never counts', async () => {
    const { warnings } = await loadFile('version: 1\nclasses: { short: { image: a, maxLifetimeSeconds: 300 } }');
    expect(warnings).toEqual([expect.stringContaining('The class short ends after 300 s')]);
  });
});

describe('settings of sessions with faults', () => {
  it('are told all of them at once, of variables and of both files', async () => {
    const faults = await faultsOf({
      SIGNING_KEYS_FILE: await fileWith('k1:c2hvcnQ=\n'),
      SESSION_CLASSES_FILE: await fileWith('version: 1\nclasses:\n  a:\n    imag: x\n'),
      MAX_CONCURRENT_SESSIONS: '2501',
      MAX_SESSIONS_PER_TENANT: '3000',
      SESSION_POD_MEMORY_LIMIT: 'much',
      SESSION_POD_IMAGE: 'two words',
    });
    expect(faults.map(({ variable }) => variable)).toEqual([
      'MAX_CONCURRENT_SESSIONS',
      'MAX_SESSIONS_PER_TENANT',
      'SESSION_POD_IMAGE',
      'SESSION_POD_MEMORY_LIMIT',
      'SESSION_CLASSES_FILE',
      'SIGNING_KEYS_FILE',
    ]);
    // Each line of a fault belongs to the list.
    const [, ...lines] = new ConfigError(faults).message.split('\n');
    expect(lines.filter((line) => !line.startsWith('  '))).toEqual([]);
    expect(faults[0]?.message).toContain('Set SESSION_NAMESPACE_SHARDS=2');
    expect(faults.at(-1)?.message).not.toContain('c2hvcnQ');
  });

  it('need signing keys, and say how to make them', async () => {
    const unset = await faultsOf({ SIGNING_KEYS_FILE: '' });
    const missing = await faultsOf({ SIGNING_KEYS_FILE: join(folder, 'none') });
    for (const [fault] of [unset, missing]) expect(fault?.message).toContain('openssl rand -base64 32');
    expect(missing[0]?.message).toContain('there is no such file');
  });

  it('need an image for the class "default"', async () => {
    const [fault, ...others] = await faultsOf({ SESSION_POD_IMAGE: '' });
    expect(fault?.message).toContain('SESSION_POD_IMAGE: is not set');
    expect(others).toEqual([]);
    const inFile = await fileWith('version: 1\nclasses: { default: { image: mine } }');
    await expect(load({ SESSION_POD_IMAGE: '', SESSION_CLASSES_FILE: inFile })).resolves.toBeDefined();
  });

  it('allow 2,500 sessions for each namespace, and no namespace that cannot be', async () => {
    await expect(load({ MAX_CONCURRENT_SESSIONS: '5000', SESSION_NAMESPACE_SHARDS: '2' })).resolves.toBeDefined();
    const [fault] = await faultsOf({ KUBERNETES_NAMESPACE: 'a'.repeat(61), SESSION_NAMESPACE_SHARDS: '12' });
    expect(fault?.variable).toBe('KUBERNETES_NAMESPACE');
  });

  it('may not ask for more than they allow', async () => {
    const [fault] = await faultsOf({ SESSION_POD_CPU_REQUEST: '1' });
    expect(fault?.message).toContain('ask for more cpu (1) than they allow (500m)');
  });
});
