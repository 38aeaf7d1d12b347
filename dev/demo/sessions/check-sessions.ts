import type { Check } from '../check.ts';
import { demoSessionId, idleTimeoutSeconds } from './demo-session.ts';
import type { SessionRecord } from './session-record.ts';

/** Compares what the client and the demo's own watch saw with what was done: nothing in here asks Podkeeper. */
export function checkSessions(record: SessionRecord): Check[] {
  return [checkAnswers(record), checkHealing(record), checkEnd(record)].map(({ ok, what }) => ({
    ok,
    what: `session ${demoSessionId}: ${what}`,
  }));
}

function checkAnswers({ answers, pods, startedMs }: SessionRecord): Check {
  const [first, ...others] = answers;
  if (first === undefined) return { ok: false, what: 'its first request was not answered' };
  const pod = pods.find(({ incarnation }) => incarnation === first.incarnation);
  if (pod === undefined) return { ok: false, what: 'the cluster never showed the pod that answered first' };
  if (pod.createdMs < startedMs - 1000) return { ok: false, what: 'its pod was there before the first request' };
  if (first.start !== 'cold') return { ok: false, what: `its first request says "${first.start}" instead of "cold"` };
  const later = others.filter(({ incarnation }) => incarnation === first.incarnation);
  const counts = [first, ...later].map(({ count }) => count).join();
  if (later.length < 2 || counts !== [first, ...later].map((_, index) => index + 1).join()) {
    return { ok: false, what: `further requests did not all land on its pod (counted ${counts})` };
  }
  return { ok: true, what: `a pod of its own in ${first.seconds.toFixed(1)} s, ${later.length} more requests on it` };
}

function checkHealing({ killed, answers, pods }: SessionRecord): Check {
  if (killed === null) return { ok: false, what: 'its pod was not killed' };
  const dead = pods.find(({ name }) => name === killed)?.incarnation ?? 0;
  const healed = answers.find(({ incarnation }) => incarnation > dead);
  if (healed === undefined) return { ok: false, what: 'after its pod was killed, no other one answered' };
  if (pods.length !== 2) return { ok: false, what: `${pods.length} pods were made for it instead of 2` };
  return { ok: true, what: `its killed pod was replaced; the next request took ${healed.seconds.toFixed(1)} s` };
}

function checkEnd({ pods, lastAnswerMs, run }: SessionRecord): Check {
  const last = pods.at(-1);
  if (last?.goneMs == null || lastAnswerMs === null) return { ok: false, what: 'its idle pod was not removed' };
  const idleSeconds = (last.goneMs - lastAnswerMs) / 1000;
  if (idleSeconds < idleTimeoutSeconds) {
    return { ok: false, what: `its pod was removed ${idleSeconds.toFixed(1)} s after its last answer: too early` };
  }
  if (run === null) return { ok: false, what: 'its run was not seen to end' };
  if (run.endedBy !== 'idle' || run.heals !== 1) {
    return { ok: false, what: `its run ended by "${run.endedBy}" with ${run.heals} heals` };
  }
  return {
    ok: true,
    what: `removed ${idleSeconds.toFixed(1)} s after its last answer, of ${idleTimeoutSeconds} s; one run`,
  };
}
