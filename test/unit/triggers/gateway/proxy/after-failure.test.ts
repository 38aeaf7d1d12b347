import { describe, expect, it } from '@jest/globals';
import { type Attempt, afterFailure } from '../../../../../triggers/gateway/proxy/after-failure.ts';
import { FirstByteTimeoutError, type SendFailure } from '../../../../../triggers/gateway/upstream/sockets/pod-call.ts';
import {
  ConnectFailedError,
  UnprovablePodError,
  WrongPodError,
} from '../../../../../triggers/gateway/upstream/upstream.ts';
import { Problem } from '../../../../../triggers/http/problems/problem.ts';

const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });

function after(changes: Partial<Pick<Attempt, 'replayable'> & SendFailure>) {
  const { error = reset, sent = true, received = false, reused = true, replayable = true } = changes;
  const next = afterFailure({ failed: { state: 'failed', error, sent, received, reused }, replayable });
  return next instanceof Problem ? next.code : next;
}

describe('what follows on a failed try', () => {
  it('is a look at the pod when no connection came about, and another route too when another pod answered', () => {
    expect(after({ error: new ConnectFailedError('refused'), sent: false, replayable: false })).toBe('suspect');
    expect(after({ error: new WrongPodError('other'), sent: false, replayable: false })).toBe('wrong');
    expect(after({ error: new UnprovablePodError('no key'), sent: false, replayable: false })).toBe('drop');
  });

  it('is another try of anything that was never sent', () => {
    expect(after({ sent: false, reused: false, replayable: false })).toBe('again');
  });

  it.each([true, false])('is another try after a reset only if all holds: it could be replayed: %s', (replayable) => {
    expect(after({ replayable })).toBe(replayable ? 'again' : 'pod_gone');
    expect(after({ replayable, received: true })).toBe('pod_gone');
    expect(after({ replayable, reused: false })).toBe('pod_gone');
  });

  it('is never another try of what a pod took its time for', () => {
    expect(after({ error: new FirstByteTimeoutError('late') })).toBe('first_byte_timeout');
  });
});
