import { describe, expect, it } from '@jest/globals';
import { checkInvariants } from '../../../helpers/sessions/witness/check-invariants.ts';
import type { CheckOptions, Evidence } from '../../../helpers/sessions/witness/evidence.ts';
import type { ClientRequest, PodChange, PodRequest } from '../../../helpers/sessions/witness/tables.ts';

const options: CheckOptions = { idleTimeoutSeconds: 6, limit: 2, graceSeconds: 30 };
const startMs = Date.parse('2026-11-21T12:00:00Z');
const at = (seconds: number) => startMs + seconds * 1000;

/** A change of a pod of session `a`, Running and found ready. */
function change(seconds: number, changes: Partial<PodChange> = {}): PodChange {
  const { sessionKey = 'key-a', incarnation = 1 } = changes;
  return {
    seenMs: at(seconds),
    type: 'MODIFIED',
    uid: `${sessionKey}-${incarnation}`,
    name: `s-${sessionKey}-${incarnation}`,
    sessionKey,
    incarnation,
    tenantHash: 't',
    sessionId: sessionKey.replace('key-', ''),
    phase: 'Running',
    address: '127.64.0.1',
    ready: incarnation,
    deletedMs: null,
    ...changes,
  };
}

let requests = 0;
/** A request to session `a`, answered by its first pod. */
function request(from: number, to: number | null, changes: Partial<ClientRequest> = {}): ClientRequest {
  requests += 1;
  const { sessionId = 'a' } = changes;
  return {
    requestId: `r${requests}`,
    gateway: 0,
    session: `/alice/${sessionId}`,
    sessionId,
    method: 'POST',
    path: 'execute',
    beginMs: at(from),
    endMs: to === null ? null : at(to),
    status: to === null ? null : 200,
    code: null,
    error: null,
    start: 'existing',
    pod: { sessionKey: `key-${sessionId}`, incarnation: 1, podUid: `key-${sessionId}-1` },
    ...changes,
  };
}

const logged = (row: ClientRequest, changes: Partial<PodRequest> = {}): PodRequest => ({
  requestId: row.requestId,
  path: '/execute',
  sessionKey: row.pod?.sessionKey ?? 'key-a',
  incarnation: row.pod?.incarnation ?? 1,
  podUid: row.pod?.podUid ?? 'key-a-1',
  beginMs: row.beginMs,
  endMs: row.endMs,
  complete: true,
  ...changes,
});

const check = (evidence: Partial<Evidence>, changes: Partial<CheckOptions> = {}) =>
  checkInvariants({ requests: [], changes: [], podRequests: [], samples: [], ...evidence }, { ...options, ...changes });

const deletedAt = (seconds: number) => change(seconds, { deletedMs: at(seconds) });

describe('the witnesses of sessions', () => {
  it('have nothing to say of a session that is made, used, removed when idle and made again', () => {
    const rows = [
      request(1, 2, { start: 'cold' }),
      request(3, 5),
      request(20, 21, { pod: { sessionKey: 'key-a', incarnation: 2, podUid: 'key-a-2' } }),
    ];
    const changes = [
      change(0, { ready: null, phase: 'Pending', address: '', type: 'ADDED' }),
      change(1),
      deletedAt(11.5),
      change(12, { type: 'DELETED', deletedMs: at(11) }),
      change(19, { incarnation: 2, type: 'ADDED' }),
    ];
    const samples = [
      { atMs: at(2), runs: ['key-a'], runsWithPod: ['key-a'], pods: ['key-a'] },
      { atMs: at(60), runs: [], runsWithPod: [], pods: [] },
    ];
    expect(check({ requests: rows, changes, podRequests: rows.map((row) => logged(row)), samples })).toEqual([]);
  });

  describe('1: at most one routable pod', () => {
    it('fails when two pods of one session are ready at once', () => {
      const changes = [change(0), change(1, { incarnation: 2 })];
      expect(check({ changes })).toEqual([expect.stringMatching(/^1: s-key-a-1 and s-key-a-2 were both routable/)]);
    });

    it.each([
      ['being deleted', { deletedMs: at(0.5) }],
      ['dead', { phase: 'Failed' }],
      ['not found ready', { ready: null }],
      ['gone', { type: 'DELETED' as const }],
    ])('does not count one that is %s', (_, gone) => {
      const changes = [change(0), change(0.5, gone), change(1, { incarnation: 2 })];
      expect(check({ changes }, { idleTimeoutSeconds: 0 }).filter((text) => text.startsWith('1'))).toEqual([]);
    });
  });

  describe('2: the right pod answers', () => {
    const changes = [change(0), change(0, { sessionKey: 'key-b' })];
    const of = (rows: readonly ClientRequest[], podRequests: readonly PodRequest[] = []) =>
      check({ requests: rows, changes, podRequests });

    it("fails for the answer of another session's pod", () => {
      const pod = { sessionKey: 'key-b', incarnation: 1, podUid: 'key-b-1' };
      expect(of([request(1, 2, { pod })])).toEqual([expect.stringMatching(/^2: .* to a .*is of the session b$/)]);
    });

    it('fails for a pod that the API server never showed, and one that says another incarnation than it has', () => {
      const pod = { sessionKey: 'key-a', incarnation: 1, podUid: 'nobody' };
      expect(of([request(1, 2, { pod })])).toEqual([expect.stringMatching(/^2: .*never showed/)]);
      const lying = { sessionKey: 'key-a', incarnation: 9, podUid: 'key-a-1' };
      expect(of([request(1, 2, { pod: lying })])).toEqual([expect.stringMatching(/^2: .*says key-a\/9/)]);
    });

    it("fails when two owners' sessions of one id are one", () => {
      const rows = [request(1, 2), request(3, 4, { session: '/bob/a' })];
      expect(of(rows)).toEqual([expect.stringMatching(/^2: key-a answered both \/alice\/a and \/bob\/a$/)]);
    });

    it('fails when an older pod answers after a newer one, and not while both requests were open', () => {
      const newer = { sessionKey: 'key-a', incarnation: 2, podUid: 'key-a-2' };
      const both = [...changes, change(1, { incarnation: 2, ready: null })];
      const backwards = [request(1, 2, { pod: newer }), request(3, 4)];
      expect(check({ requests: backwards, changes: both })).toEqual([
        expect.stringMatching(/^2: .*answered by 1 after 2/),
      ]);
      expect(check({ requests: [request(1, 3, { pod: newer }), request(2, 4)], changes: both })).toEqual([]);
    });

    it("fails when a pod's own log has another's request, and when two pods have the same", () => {
      const row = request(1, 2, { pod: null });
      const stranger = logged(row, { podUid: 'key-b-1', sessionKey: 'key-b' });
      expect(of([row], [stranger])).toEqual([expect.stringMatching(/^2: .* to a reached s-key-b-1/)]);
      expect(of([row], [logged(row), logged(row, { podUid: 'key-a-2' })])).toEqual([
        expect.stringMatching(/^2: .*served by pods key-a-1 and key-a-2/),
      ]);
    });
  });

  describe('3: nothing is removed too early', () => {
    it('fails when a request was in flight', () => {
      expect(check({ requests: [request(1, 20)], changes: [change(0), deletedAt(10)] })).toEqual([
        expect.stringMatching(/^3: s-key-a-1 was deleted while request r\d+ was in flight/),
      ]);
    });

    it('fails for one in flight whose answer never came, if the pod has seen it', () => {
      const cut = request(1, 10, { pod: null, status: null, error: 'reset' });
      const evidence = { requests: [cut], podRequests: [logged(cut, { complete: false, endMs: at(10.2) })] };
      expect(check({ ...evidence, changes: [change(0), change(9, { deletedMs: at(9) })] })).toEqual([
        expect.stringMatching(/^3: .*in flight/),
      ]);
    });

    it('fails before the idle timeout is over, and not after it', () => {
      const requestsUntil8 = [request(1, 2), request(7, 8)];
      const removed = (seconds: number) =>
        check({ requests: requestsUntil8, changes: [change(0), change(seconds, { type: 'DELETED' })] });
      expect(removed(13.9)).toEqual([expect.stringMatching(/^3: s-key-a-1 was deleted 5900 ms after its last/)]);
      expect(removed(14)).toEqual([]);
    });

    it('takes the moment the pod was done for the end of a request', () => {
      const row = request(1, 2);
      const podRequests = [logged(row, { endMs: at(1.8) })];
      expect(check({ requests: [row], podRequests, changes: [change(0), change(7.8, { type: 'DELETED' })] })).toEqual(
        [],
      );
    });

    it('allows what the test ended itself, pods that died, and requests about the session', () => {
      const changes = [change(0), deletedAt(3)];
      expect(check({ requests: [request(1, 2)], changes }, { endedOnPurpose: ['a'] })).toEqual([]);
      const died = [change(0), change(2.5, { phase: 'Failed' }), change(3, { phase: 'Failed', deletedMs: at(3) })];
      expect(check({ requests: [request(1, 2)], changes: died })).toEqual([]);
      expect(check({ requests: [request(2, 9, { path: 'status', pod: null })], changes })).toEqual([]);
    });
  });

  describe('4: pods and runs agree', () => {
    const sample = (seconds: number, runs: string[], pods: string[]) => ({
      atMs: at(seconds),
      runs,
      runsWithPod: runs,
      pods,
    });

    it('fails for a pod without a run, and a run without its pod, after the grace period', () => {
      const samples = [0, 20, 31].map((seconds) => sample(seconds, ['b'], ['a']));
      expect(check({ samples })).toEqual([
        '4: session a has a pod and no run for more than 30 s',
        '4: session b has a run that speaks of a pod and no pod for more than 30 s',
      ]);
    });

    it('does not when they agree in between', () => {
      expect(check({ samples: [sample(0, [], ['a']), sample(20, ['a'], ['a']), sample(40, [], ['a'])] })).toEqual([]);
    });
  });

  it('5: the limit fails when more sessions have a pod, and not for a second pod of one of them', () => {
    const [a, b, c] = ['key-a', 'key-b', 'key-c'].map((sessionKey, second) =>
      change(second, { sessionKey, ready: null }),
    );
    expect(check({ changes: [a!, b!, change(2, { incarnation: 2, ready: null })] })).toEqual([]);
    expect(check({ changes: [a!, b!, c!] })).toEqual([expect.stringMatching(/^5: 3 sessions at .*, 2 may be/)]);
    expect(check({ changes: [a!, b!, { ...a!, type: 'DELETED' }, c!] })).toEqual([]);
  });
});
