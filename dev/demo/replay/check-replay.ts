import type { PodRunView } from '../../../triggers/http/runs/views/read-pod-run.ts';
import type { Check } from '../check.ts';
import type { ReplayRecord } from './record.ts';
import type { ReportedPod } from './reported-pods.ts';
import { defaultTeam, reportedNamespace, ruleName } from './rules.ts';

/** Every reported pod must have failed by the broken rule first, and be classified after the replay, as it was reported. */
export function checkReplay(record: ReplayRecord): Check[] {
  if (record.sent.length === 0) return [{ ok: false, what: 'replay: no pod was reported' }];
  return [...record.sent.map((pod) => checkReported(pod, record)), checkOutcome(record)];
}

function checkReported(pod: ReportedPod, { failing, afterwards }: ReplayRecord): Check {
  const problems = [...firstProblems(failing.get(pod.name)), ...laterProblems(pod, afterwards.get(pod.name))];
  const verdict = pod.causes.length === 0 ? 'no incident, as it should be' : `${pod.causes.join(', ')}, as reported`;
  const told = problems.length === 0 ? `failed by rule ${ruleName}; after the replay ${verdict}` : problems.join('; ');
  return { ok: problems.length === 0, what: `${reportedNamespace}/${pod.name}: ${told}` };
}

function firstProblems(run: PodRunView | undefined): string[] {
  const [failure] = run?.failures.items ?? [];
  if (failure === undefined) return ['its classification was not seen to fail'];
  return failure.rule === ruleName ? [] : [`it failed, but not by the rule: ${failure.reason}`];
}

function laterProblems(pod: ReportedPod, run: PodRunView | undefined): string[] {
  if (run === undefined) return ['its run was not seen after the replay'];
  const { failures, timeline } = run;
  const newest = timeline.entries.at(-1);
  if (newest === undefined) return ['it is still not classified'];
  const incidents = [...new Set(timeline.entries.filter(({ incident }) => incident).map(({ primary }) => primary))];
  return [
    ...(failures.count === 0 ? [] : [`${failures.count} of its classifications still fail`]),
    ...(incidents.join() === pod.causes.join()
      ? []
      : [`told as ${incidents.join(', ') || 'no incident'}, reported as ${pod.causes.join(', ') || 'healthy'}`]),
    ...(newest.team === defaultTeam ? [] : [`its team is ${newest.team ?? 'none'} instead of ${defaultTeam}`]),
  ];
}

function checkOutcome({ sent, replay }: ReplayRecord): Check {
  if (replay === null) return { ok: false, what: 'replay: it was not seen to start' };
  const { state, counts } = replay.progress;
  const ok =
    state === 'completed' && counts.fixed >= sent.length && counts['still-failing'] === 0 && counts.error === 0;
  const told = Object.entries(counts).flatMap(([outcome, count]) => (count === 0 ? [] : [`${count} ${outcome}`]));
  return { ok, what: `replay: ${state}, ${told.join(', ') || 'nothing tried'}` };
}
