import { describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { doWork } from '../../../../activities/sessions/do-work.ts';

describe('the work of a session activity', () => {
  it('heartbeats while one call to a slow server lasts', async () => {
    const environment = new MockActivityEnvironment();
    const beat = new Promise<string>((resolve) => environment.on('heartbeat', () => resolve('beat')));
    const work = () => doWork({ asked: 'test', served: 'test' }, () => beat);
    expect(await environment.run(work)).toBe('beat');
  });
});
