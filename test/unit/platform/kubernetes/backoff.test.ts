import { describe, expect, it } from '@jest/globals';
import { createBackoff, defaultBackoff } from '../../../../platform/kubernetes/reflector/failure/backoff.ts';

function backoffAt(random: number) {
  const clock = { nowMs: 0 };
  return { clock, backoff: createBackoff({ settings: defaultBackoff, random: () => random, now: () => clock.nowMs }) };
}

describe('the back-off of a reflector', () => {
  it('begins at 0.8 s and doubles up to 30 s', () => {
    const { backoff } = backoffAt(0.5);
    const waits = Array.from({ length: 8 }, () => backoff.failed(null));
    expect(waits).toEqual([800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
  });

  it('is spread by a quarter to both sides', () => {
    expect(backoffAt(0).backoff.failed(null)).toBe(600);
    expect(backoffAt(0.999999).backoff.failed(null)).toBeCloseTo(1000, 0);
    expect(backoffAt(0).backoff.slow()).toBe(22_500);
  });

  it('begins anew after two minutes of health, not before', () => {
    const { backoff, clock } = backoffAt(0.5);
    backoff.failed(null);
    backoff.healthy();
    clock.nowMs += 119_999;
    expect(backoff.failed(null)).toBe(1600);
    backoff.healthy();
    clock.nowMs += 60_000;
    backoff.healthy();
    clock.nowMs += 60_000;
    expect(backoff.failed(null)).toBe(800);
  });

  it('does not take the time of an outage for health', () => {
    const { backoff, clock } = backoffAt(0.5);
    backoff.healthy();
    backoff.failed(null);
    clock.nowMs += 600_000;
    expect(backoff.failed(null)).toBe(1600);
  });

  it('is never shorter than the server asks for', () => {
    const { backoff } = backoffAt(0.5);
    expect(backoff.failed(7)).toBe(7000);
    expect(backoff.failed(0)).toBe(1600);
  });
});
