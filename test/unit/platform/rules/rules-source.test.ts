import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ConfigError } from '../../../../platform/config/config-error.ts';
import { createMetrics } from '../../../../platform/metrics.ts';
import { openRules } from '../../../../platform/rules/open-rules.ts';
import { createRulesSource, type RulesSource } from '../../../../platform/rules/rules-source.ts';
import { captureLog } from '../../../helpers/log-capture.ts';
import { useTemporaryFolders } from '../../../helpers/temporary-folders.ts';

jest.setTimeout(60_000);
const newFolder = useTemporaryFolders();
const rules = (...names: string[]) =>
  `version: 1\nrules: [${names.map((name) => `{ name: ${name}, match: {}, set: { tags: [${name}] } }`).join(', ')}]\n`;
const broken = 'version: 1\nrules: [{ name: a, match: {}, set: {} }]\n';

let open: RulesSource | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

/** A source that looks every 20 ms at a file with this content. */
async function rig(content: string) {
  const file = join(await newFolder(), 'classification-rules.yaml');
  await writeFile(file, content);
  const metrics = createMetrics();
  const log = captureLog();
  const source = await createRulesSource({ path: file, logger: log.logger, metrics, pollMs: 20 });
  open = source;
  const until = async (holds: () => boolean | Promise<boolean>) => {
    while (!(await holds())) await sleep(10);
  };
  const loads = async () => {
    const { values } = await metrics.rulesLoads.get();
    const of = (result: string) => values.find(({ labels }) => labels.result === result)?.value;
    return { loaded: of('loaded'), failed: of('failed') };
  };
  return {
    file,
    source,
    loads,
    inForce: async () => (await metrics.rulesInForce.get()).values[0]?.value,
    errors: () => log.lines().filter(({ level }) => level === 'error'),
    untilCount: (count: number) => until(() => source.current().count === count),
    untilFailed: (count: number) => until(async () => (await loads()).failed === count),
  };
}

describe('rules of a file', () => {
  it('are in force from the start, and changed ones without a restart', async () => {
    const { file, source, untilCount, loads, inForce } = await rig(rules('a'));
    const { version } = source.current();
    expect(await inForce()).toBe(1);
    await writeFile(file, rules('a', 'b'));
    await untilCount(2);
    expect(source.current().version).not.toBe(version);
    expect(await inForce()).toBe(2);
    expect(await loads()).toEqual({ loaded: 2, failed: 0 });
  });

  it('stay in force while the file is faulty or gone, which is told and counted once', async () => {
    const { file, source, untilCount, untilFailed, loads, errors } = await rig(rules('a'));
    const good = source.current();
    await writeFile(file, broken);
    await untilFailed(1);
    await sleep(200);
    expect(source.current()).toBe(good);
    expect(errors()).toEqual([
      expect.objectContaining({
        file,
        inForce: good.version,
        problem: expect.stringContaining('rules[0].set: does nothing') as unknown,
      }),
    ]);
    await rm(file);
    await untilFailed(2);
    await sleep(200);
    expect(source.current()).toBe(good);
    expect(errors()).toHaveLength(2);
    await writeFile(file, rules('a', 'b'));
    await untilCount(2);
    expect(await loads()).toEqual({ loaded: 2, failed: 2 });
  });

  it('are counted again when the file is mended with what it said before', async () => {
    const { file, untilFailed, loads } = await rig(rules('a'));
    await writeFile(file, broken);
    await untilFailed(1);
    await writeFile(file, rules('a'));
    while ((await loads()).loaded !== 2) await sleep(10);
    expect(await loads()).toEqual({ loaded: 2, failed: 1 });
  });

  it('follow a mounted ConfigMap, whose folder Kubernetes swaps by a symbolic link', async () => {
    const mount = await newFolder();
    const put = async (name: string, content: string) => {
      await mkdir(join(mount, name));
      await writeFile(join(mount, name, 'rules.yaml'), content);
      await symlink(name, join(mount, `${name}-link`));
      await rename(join(mount, `${name}-link`), join(mount, '..data'));
    };
    await put('..first', rules('a'));
    await symlink('..data/rules.yaml', join(mount, 'rules.yaml'));
    const { logger } = captureLog();
    const path = join(mount, 'rules.yaml');
    open = await createRulesSource({ path, logger, metrics: createMetrics(), pollMs: 20 });
    await put('..second', rules('a', 'b'));
    while (open.current().count !== 2) await sleep(10);
  });

  it('are not looked at any more once closed', async () => {
    const { file, source } = await rig(rules('a'));
    await source.close();
    await writeFile(file, rules('a', 'b'));
    await sleep(200);
    expect(source.current().count).toBe(1);
  });
});

describe('at the start', () => {
  const options = () => ({ logger: captureLog().logger, metrics: createMetrics() });

  it('no file means no rules', async () => {
    const { current, close } = await openRules('', options());
    expect(current().version).toBe('none');
    await close();
  });

  it.each([
    ['a faulty file', broken, 'rules[0].set: does nothing'],
    ['a file that is not UTF-8', new Uint8Array([0xff, 0xfe, 0x00]), 'the file is not UTF-8 text'],
    ['a file that is too big', `#${'x'.repeat(256 * 1024)}`, 'the file has more than 256 KiB'],
  ])('%s is an invalid configuration', async (_, content, problem) => {
    const file = join(await newFolder(), 'rules.yaml');
    await writeFile(file, content);
    await expect(openRules(file, options())).rejects.toMatchObject({
      name: ConfigError.name,
      message: expect.stringContaining(problem) as unknown,
    });
  });

  it('so is a missing file or a folder', async () => {
    const folder = await newFolder();
    await expect(openRules(folder, options())).rejects.toThrow('it is a folder, not a file');
    await expect(openRules(join(folder, 'none.yaml'), options())).rejects.toThrow('there is no such file');
  });
});
