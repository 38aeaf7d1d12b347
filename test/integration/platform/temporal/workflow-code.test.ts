import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { connectTemporalWorker } from '../../../../platform/temporal/connect.ts';
import { createPodkeeperWorker } from '../../../../platform/temporal/worker.ts';
import { installTemporalRuntime } from '../../../../platform/temporal/runtime.ts';
import { bundleWorkflows, loadWorkflowCode } from '../../../../platform/temporal/workflow-code.ts';
import { captureLog } from '../../../helpers/log-capture.ts';
import { sharedEnvironment } from '../../../helpers/environment.ts';

/** Inside the project, so that the packages of the workflows are found; git ignores it. */
const scratch = fileURLToPath(new URL('../../../../.podkeeper/', import.meta.url));

describe('workflow code', () => {
  let folder: string;
  const { logger, lines, text: logged } = captureLog('info');
  const source = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };

  beforeAll(async () => {
    installTemporalRuntime(logger);
    await mkdir(scratch, { recursive: true });
    folder = await mkdtemp(join(scratch, 'workflow-code-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('runs from TypeScript source with .ts specifiers', async () => {
    await source('word.ts', `export type Word = string;\nexport const word: Word = 'from word.ts';`);
    const text = `import { sleep } from '@temporalio/workflow';\nimport { type Word, word } from './word.ts';
      export async function sayWord(): Promise<Word> { await sleep(1); return word; }`;
    const workflows = await loadWorkflowCode({ mode: '', logger, sourcePath: await source('index.ts', text) });
    const server = { address: (await sharedEnvironment()).temporalAddress(), namespace: 'default' };
    const connection = await connectTemporalWorker({ server, connectTimeoutSeconds: 20, logger });
    const taskQueue = `workflow-code-${randomUUID()}`;
    const worker = await createPodkeeperWorker({
      connection,
      namespace: 'default',
      taskQueue,
      activities: {},
      workflows,
      shutdownGraceSeconds: 1,
      buildId: '',
      deploymentName: 'test',
    });
    const { workflow } = new Client({ connection });
    const said: unknown = await worker.runUntil(workflow.execute('sayWord', { taskQueue, workflowId: taskQueue }));
    await connection.close();
    expect(said).toBe('from word.ts');
    expect(lines()).toContainEqual(expect.objectContaining({ component: 'temporal', taskQueue, state: 'RUNNING' }));
  }, 60_000);

  it('that imports what workflows may not is refused, and the log names it', async () => {
    const sourcePath = await source(
      'bad.ts',
      `import { readFileSync } from 'node:fs';\nexport const bad = readFileSync;`,
    );
    await expect(bundleWorkflows({ logger, sourcePath })).rejects.toThrow();
    expect(logged()).toContain('node:fs');
  }, 60_000);

  it('is bundled without a line in the log at level info', async () => {
    const before = lines().length;
    await bundleWorkflows({ logger, sourcePath: await source('quiet.ts', 'export async function quiet() {}') });
    expect(lines()).toHaveLength(before);
  }, 60_000);
});
