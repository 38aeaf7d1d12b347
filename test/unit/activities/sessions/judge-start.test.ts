import { describe, expect, it } from '@jest/globals';
import { judgeStart } from '../../../../activities/sessions/pods/judge-start.ts';
import { sentPod } from './session-stubs.ts';

const now = new Date('2026-01-01T00:00:10Z');
const judge = (status: object, metadata: object = {}) => judgeStart(sentPod(7, { status, metadata }), 'uid-7', now);
const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
const waiting = (reason: string) => ({
  phase: 'Pending',
  containerStatuses: [
    {
      name: 'session',
      ready: false,
      restartCount: 0,
      image: 'x',
      imageID: '',
      state: { waiting: { reason, message: 'why' } },
    },
  ],
});

describe('how far a pod is that was made for a session', () => {
  it('ready needs the condition of the kubelet, and an address', () => {
    expect(judge(ready)).toEqual({ state: 'ready', address: '10.0.0.9', node: '' });
    expect(judge({ ...ready, podIP: undefined })).toMatchObject({ state: 'waiting' });
    expect(judge({ conditions: [{ type: 'Ready', status: 'False' }] })).toMatchObject({ state: 'waiting' });
  });

  it.each(['Evicted', 'Preempting', 'Terminated'])('gone, not crashed: a pod that its node gave up as %s', (reason) => {
    const ended = { phase: 'Failed', reason, message: 'The node was low on resource: memory.' };
    expect(judge(ended)).toMatchObject({ state: 'failed', code: 'pod_gone', detail: expect.stringMatching(/./) });
  });

  it('gone: no pod, another one of its name, or one that is being deleted, be it ready', () => {
    const code = 'pod_gone';
    expect(judgeStart(null, 'uid-7', now)).toMatchObject({ state: 'failed', code });
    expect(judgeStart(sentPod(7, { status: ready }), 'other', now)).toMatchObject({ state: 'failed', code });
    expect(judge(ready, { deletionTimestamp: now.toISOString() })).toMatchObject({ state: 'failed', code });
  });

  it.each([
    ['ErrImagePull', 'image_error'],
    ['ImagePullBackOff', 'image_error'],
    ['InvalidImageName', 'image_error'],
    ['CreateContainerConfigError', 'start_crash'],
    ['CreateContainerError', 'start_crash'],
    ['RunContainerError', 'start_crash'],
  ])('%s is nothing that waiting mends: %s', (reason, code) => {
    expect(judge(waiting(reason))).toMatchObject({ state: 'failed', code, detail: expect.stringMatching(/./) });
  });

  it('a container that ended is a crash, whatever its code and the phase', () => {
    const ended = (exitCode: number) => ({
      containerStatuses: [
        {
          name: 'session',
          ready: false,
          restartCount: 0,
          image: 'x',
          imageID: '',
          state: { terminated: { exitCode } },
        },
      ],
    });
    for (const status of [
      ended(1),
      ended(0),
      { ...ended(3), phase: 'Failed' },
      { phase: 'Failed' },
      { phase: 'Succeeded' },
    ]) {
      expect(judge(status)).toMatchObject({ state: 'failed', code: 'start_crash', detail: expect.stringMatching(/./) });
    }
  });

  it('no room on any node is waited for, and the reason is the words of the scheduler', () => {
    const message = '0/1 nodes are available: 1 Insufficient cpu.';
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
    const seen = judge({ phase: 'Pending', conditions });
    expect(seen).toMatchObject({ state: 'waiting', reason: expect.stringContaining('Insufficient cpu') });
  });

  it('a pod that just takes its time is waited for with a reason, too', () => {
    expect(judge(waiting('ContainerCreating'))).toMatchObject({ state: 'waiting', reason: expect.stringMatching(/./) });
  });
});
