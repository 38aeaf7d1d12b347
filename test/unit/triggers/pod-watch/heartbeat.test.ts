import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { WatchHeartbeat } from '../../../../domain/pods/watch/watch-view.ts';
import { type Heartbeat, startHeartbeat } from '../../../../triggers/pod-watch/hold/heartbeat.ts';

const beatOf = (version: string): WatchHeartbeat => ({
  checkpoint: { sources: { '': { version, time: '2026-03-01T12:00:00Z' } }, epoch: 0 },
  view: null,
});

describe('the heartbeat of a watch', () => {
  let sent: (string | undefined)[];
  let errors: unknown[];
  let heartbeat: Heartbeat;
  beforeEach(() => {
    jest.useFakeTimers();
    sent = [];
    errors = [];
    heartbeat = startHeartbeat({
      send: ({ checkpoint }) => void sent.push(checkpoint?.sources['']?.version),
      inherited: beatOf('inherited'),
      onError: (error) => void errors.push(error),
    });
  });
  afterEach(() => {
    heartbeat.stop();
    jest.useRealTimers();
  });

  it('begins at once with the inherited checkpoint and repeats it until there is another', async () => {
    expect(sent).toEqual(['inherited']);
    await jest.advanceTimersByTimeAsync(4000);
    expect(sent).toEqual(['inherited', 'inherited', 'inherited']);
    heartbeat.use(() => Promise.resolve(beatOf('own')));
    await jest.advanceTimersByTimeAsync(2000);
    expect(sent.at(-1)).toBe('own');
  });

  it('repeats the last one while the next is slow, and is never overtaken by it', async () => {
    const beats: PromiseWithResolvers<WatchHeartbeat>[] = [];
    heartbeat.use(() => {
      const beat = Promise.withResolvers<WatchHeartbeat>();
      beats.push(beat);
      return beat.promise;
    });
    await jest.advanceTimersByTimeAsync(6000);
    expect(beats).toHaveLength(1);
    expect(sent).toEqual(['inherited', 'inherited', 'inherited']);
    beats[0]!.resolve(beatOf('1'));
    await jest.advanceTimersByTimeAsync(2000);
    expect(sent.slice(3)).toEqual(['1']);
    beats[1]!.resolve(beatOf('2'));
    await jest.advanceTimersByTimeAsync(0);
    expect(sent.slice(3)).toEqual(['1', '2']);
  });

  it('repeats the last one when the next fails, and tries again', async () => {
    let calls = 0;
    heartbeat.use(() => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error('cannot')) : Promise.resolve(beatOf('own'));
    });
    await jest.advanceTimersByTimeAsync(4000);
    expect(sent).toEqual(['inherited', 'inherited', 'own']);
    expect(errors).toEqual([new Error('cannot')]);
  });

  it('sends nothing after it was stopped, not even a beat that was on its way', async () => {
    const slow = Promise.withResolvers<WatchHeartbeat>();
    heartbeat.use(() => slow.promise);
    await jest.advanceTimersByTimeAsync(2000);
    heartbeat.stop();
    slow.resolve(beatOf('late'));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(sent).toEqual(['inherited']);
  });
});
