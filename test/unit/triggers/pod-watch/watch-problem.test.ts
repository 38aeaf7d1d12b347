import { describe, expect, it } from '@jest/globals';
import type { WatchView } from '../../../../domain/pods/watch/watch-view.ts';
import { createWatchHolder } from '../../../../triggers/pod-watch/hold/watch-holder.ts';
import { watchProblem } from '../../../../triggers/pod-watch/hold/watch-problem.ts';

const view: WatchView = {
  holder: 'host/1',
  since: '2026-01-01T00:00:00.000Z',
  pods: 3,
  streamAgeSeconds: 2,
  waiting: 0,
  accepted: 0,
  late: 0,
  missingPermissions: [],
};

describe('a watch worker', () => {
  it('is ready as a standby, before it holds a watch and after', () => {
    const holder = createWatchHolder();
    expect(watchProblem(holder)).toBeUndefined();
    holder.hold({ ...view, streamAgeSeconds: 300 }, ['']);
    holder.release();
    expect(watchProblem(holder)).toBeUndefined();
  });

  it('is ready as the holder of a watch that is listed and hears something', () => {
    const holder = createWatchHolder();
    holder.hold(view, []);
    expect(watchProblem(holder)).toBeUndefined();
  });

  it('says which first list is not complete', () => {
    const holder = createWatchHolder();
    holder.hold(view, ['']);
    expect(watchProblem(holder)).toBe('the first list of the cluster is not complete yet');
    holder.hold(view, ['shop', 'bank', 'zoo']);
    expect(watchProblem(holder)).toBe('the first list of namespace shop and 2 more is not complete yet');
  });

  it('says that its stream has been silent for too long', () => {
    const holder = createWatchHolder();
    holder.hold({ ...view, streamAgeSeconds: 91.2 }, []);
    expect(watchProblem(holder)).toBe('the watch stream has been silent for 91 s');
  });
});
