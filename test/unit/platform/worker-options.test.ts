import { describe, expect, it } from '@jest/globals';
import { workerOptions } from '../../../platform/temporal/worker.ts';
import { loadWorkflowCode } from '../../../platform/temporal/workflow-code.ts';
import { captureLog } from '../../helpers/log-capture.ts';

const options = {
  namespace: 'default',
  taskQueue: 'podkeeper-pods',
  activities: {},
  shutdownGraceSeconds: 20,
  buildId: '',
  deploymentName: 'podkeeper',
};

describe('the options of a worker', () => {
  it('hand the runs of a killed worker on after 2 s and give activities time to finish', () => {
    expect(workerOptions(options)).toMatchObject({
      stickyQueueScheduleToStartTimeout: '2s',
      shutdownGraceTime: 20_000,
    });
  });

  it('leave out what was not asked for, so that the defaults of the SDK hold', () => {
    const keys = Object.keys(workerOptions(options));
    expect(keys).not.toContain('workerDeploymentOptions');
    expect(keys).not.toContain('maxConcurrentActivityTaskExecutions');
    expect(keys).not.toContain('maxHeartbeatThrottleInterval');
  });

  it('turn worker versioning on with a build id', () => {
    expect(workerOptions({ ...options, buildId: '1.2.3' }).workerDeploymentOptions).toEqual({
      version: { buildId: '1.2.3', deploymentName: 'podkeeper' },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    });
  });
});

describe('the workflow code', () => {
  const { logger } = captureLog();

  it('in production is the built bundle', async () => {
    const bundlePath = import.meta.filename;
    expect(await loadWorkflowCode({ mode: 'production', logger, bundlePath })).toEqual({
      workflowBundle: { codePath: bundlePath },
    });
  });

  it('in production without a bundle is an error that says what to run', async () => {
    const code = loadWorkflowCode({ mode: 'production', logger, bundlePath: '/nonexistent/workflows.js' });
    await expect(code).rejects.toThrow(/npm run build/);
  });
});
