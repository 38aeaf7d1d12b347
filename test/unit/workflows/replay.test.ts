import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';
import { createLogger } from '../../../platform/logger.ts';
import { installTemporalRuntime } from '../../../platform/temporal/runtime.ts';
import { bundleWorkflows, loadWorkflowCode, type WorkflowCode } from '../../../platform/temporal/workflow-code.ts';
import * as workflows from '../../../workflows/index.ts';

const folder = fileURLToPath(new URL('../../histories/', import.meta.url));
const files = readdirSync(folder).flatMap((workflow) =>
  readdirSync(join(folder, workflow)).map((name) => `${workflow}/${name}`),
);

interface RecordedHistory {
  readonly events: readonly { readonly eventType: string; readonly [attributes: string]: unknown }[];
}

const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as RecordedHistory;

describe('a recorded history', () => {
  let built: string;
  let code: WorkflowCode;
  beforeAll(async () => {
    const logger = createLogger({ level: 'silent', name: 'test' });
    installTemporalRuntime(logger);
    built = await mkdtemp(join(tmpdir(), 'podkeeper-replay-'));
    const bundlePath = join(built, 'workflows.js');
    // As `npm run build` and a production worker do it: written to a file, and loaded from there.
    await writeFile(bundlePath, await bundleWorkflows({ logger }));
    code = await loadWorkflowCode({ mode: 'production', logger, bundlePath });
  }, 60_000);
  afterAll(() => rm(built, { recursive: true }));

  const replay = (history: RecordedHistory) => Worker.runReplayHistory(code, history, 'recorded');

  it.each(files)(
    'replays with the workflows as they are now: %s',
    async (file) => {
      await replay(read(file));
    },
    60_000,
  );

  it.each(Object.keys(workflows))('is there for workflow type %s', (type) => {
    expect(files.filter((file) => file.startsWith(`${type}/`))).not.toEqual([]);
  });

  it.each([
    ['podLifecycle/healthy-life.json', 'EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES'],
    ['podLifecycle/crash-loop.json', 'EVENT_TYPE_MARKER_RECORDED'],
    ['podLifecycle/idle-until-gone.json', 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED'],
    ['watchPods/intervals.json', 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED'],
    ['replayClassifications/still-failing.json', 'EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES'],
    ['replayClassifications/one-a-second.json', 'EVENT_TYPE_TIMER_STARTED'],
    ['reclassify/fixed.json', 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED'],
  ])('does not replay when it has another command than the workflows give: %s, %s', async (file, eventType) => {
    const { events } = read(file);
    const at = events.findIndex((event) => event.eventType === eventType);
    expect(at).toBeGreaterThan(0);
    const { eventId, eventTime, taskId } = events[at]!;
    const other = {
      eventId,
      eventTime,
      taskId,
      eventType: 'EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED',
      startChildWorkflowExecutionInitiatedEventAttributes: { workflowId: 'other', workflowType: { name: 'other' } },
    };
    await expect(replay({ events: events.with(at, other) })).rejects.toThrow(DeterminismViolationError);
  });

  it('can be read because all of Temporal uses one and the same protobufjs', () => {
    const own = createRequire(import.meta.url).resolve('protobufjs');
    for (const name of ['client', 'common', 'worker', 'workflow']) {
      const from = createRequire(createRequire(import.meta.url).resolve(`@temporalio/${name}`));
      const proto = createRequire(from.resolve('@temporalio/proto'));
      expect(proto.resolve('protobufjs')).toBe(own);
    }
  });
});
