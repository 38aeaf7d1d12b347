import { describe, expect, it } from '@jest/globals';
import { parseRetryAfter } from '../../../../platform/kubernetes/client/retry-after.ts';
import { describeStatus } from '../../../../platform/kubernetes/client/status-object.ts';
import { resumePoint } from '../../../../platform/kubernetes/reflector/resume-point.ts';
import { compareVersions, isOlder } from '../../../../platform/kubernetes/reflector/state/versions.ts';
import { pod } from '../../../helpers/kubernetes/objects.ts';

describe('a Retry-After header', () => {
  const nowMs = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    ['7', 7],
    [' 7 ', 7],
    ['0', 0],
    [['3', '9'], 3],
    ['86400', 300],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('%j means %j seconds', (header, seconds) => {
    expect(parseRetryAfter(header, nowMs)).toBe(seconds);
  });
});

describe('a Status object', () => {
  it('is read as far as it goes', () => {
    const nothing = { reason: 'Unexplained', detail: 'the answer gives no message', retryAfterSeconds: null };
    for (const odd of [null, undefined, 'text', [], {}, { reason: '', message: 5, details: 'x' }]) {
      expect(describeStatus(odd)).toEqual(nothing);
    }
    expect(describeStatus({ reason: 'Busy', message: 'later', details: { retryAfterSeconds: 2 } })).toEqual({
      reason: 'Busy',
      detail: 'later',
      retryAfterSeconds: 2,
    });
  });
});

describe('resource versions', () => {
  it('are compared as numbers of any length, and not at all when they are none', () => {
    expect(compareVersions('9', '10')).toBe(-1);
    expect(compareVersions('10', '9')).toBe(1);
    expect(compareVersions('99999999999999999998', '99999999999999999999')).toBe(-1);
    expect(compareVersions('x', 'x')).toBe(0);
    expect(compareVersions('x', '9')).toBeNull();
    expect(isOlder('x', '9')).toBe(false);
  });
});

describe('the version to resume from', () => {
  const object = pod({ name: 'a', version: 7 });
  const same = { uid: 'uid-a', namespace: 'default', name: 'a', version: '7', receivedAtMs: 0 } as const;
  it.each([
    [{ kind: 'added', ...same, object, fromList: false } as const, '7'],
    [{ kind: 'modified', ...same, object, fromList: false } as const, '7'],
    [{ kind: 'deleted', ...same, object, inferred: false } as const, '7'],
    [{ kind: 'bookmark', version: '7' } as const, '7'],
    [{ kind: 'relisted', version: '7', count: 1 } as const, '7'],
    [{ kind: 'added', ...same, object, fromList: true } as const, null],
    [{ kind: 'modified', ...same, object, fromList: true } as const, null],
    [{ kind: 'deleted', ...same, inferred: true } as const, null],
    [
      {
        kind: 'gap',
        fromVersion: '1',
        toVersion: '7',
        fromTime: '',
        toTime: '',
        reason: 'expired',
        epochChanged: false,
      } as const,
      null,
    ],
  ])('of %j is %j', (event, version) => {
    expect(resumePoint(event)).toBe(version);
  });
});
