import { describe, expect, it } from '@jest/globals';
import { describeTransition } from '../../../../../domain/pods/describe-transition.ts';
import { podSummaryLine, renderPodDetails } from '../../../../../domain/pods/run/pod-run-details.ts';
import { newPodRun } from '../../../../../domain/pods/run/pod-run.ts';
import type { Transition } from '../../../../../domain/pods/transitions.ts';
import { rememberAnswer } from '../../../../../domain/pods/run/reclassify/record-reclassified.ts';
import { drivePodRun, reclassifyPodRun } from '../../../../helpers/drive-pod-run.ts';
import { failingAt, failingRule } from '../../../../helpers/hand-made-rules.ts';
import {
  crashingLife,
  healthyLife,
  malformedChange,
  observedChange,
  podSnapshot,
} from '../../../../helpers/pod-changes.ts';

const linesOf = (state: Parameters<typeof renderPodDetails>[0]) => renderPodDetails(state).split('\n');

describe('the details of a pod run', () => {
  it('are empty but valid before anything is known', () => {
    expect(renderPodDetails(newPodRun()).trim()).toBe('');
  });

  it('tell pod, owner, node and restarts, the verdict with evidence and what to do, and the newest changes first', () => {
    const lines = linesOf(drivePodRun([crashingLife().slice(0, 3)]));
    expect(lines[0]).toBe('**Pod shop/web-1**, node `node-1`, 1 restart');
    expect(lines).toContain('**Degraded: AppError**');
    expect(lines.find((line) => line.startsWith('- `pod status.containerStatuses[app]'))).toMatch(/` = `\S/);
    expect(lines.find((line) => line.startsWith('What to do: '))).toBeDefined();
    const timeline = lines.filter((line) => /^- \d{4}/.test(line));
    expect(timeline.map((line) => line.split(' ')[1])).toEqual(
      crashingLife()
        .slice(0, 3)
        .map(({ observedAt }) => observedAt)
        .toReversed(),
    );
  });

  it('say that the pod is gone, and which changes could not be classified and why', () => {
    const text = renderPodDetails(
      drivePodRun([healthyLife().slice(0, 1), [malformedChange(15)], healthyLife().slice(1)]),
    );
    expect(text).toContain('0 restarts, gone');
    expect(text).toMatch(
      /\*\*1 change could not be classified\*\* since 2026-03-01T12:00:00.000Z, last: `.*snapshot\.containers/,
    );
    expect(text).not.toContain('Rules that failed');
  });

  it('name the rules that failed, and what could not be kept', () => {
    const updates = Array.from({ length: 12 }, (_, index) => [observedChange({ version: index + 1 })]);
    const text = renderPodDetails(drivePodRun(updates, { rules: failingRule('team-of') }));
    expect(text).toContain(
      '**12 changes could not be classified** since before 2026-03-01T12:00:00.000Z, last: `Rule "team-of"',
    );
    expect(text).toContain('Rules that failed: `team-of`');
    expect(text).toContain("2 batches too many to be kept, can't be tried again.");
  });

  it('tell the reason given for a reclassification, and what it changed', () => {
    const [add, crash] = crashingLife();
    const failed = drivePodRun([[add!], [crash!]], { rules: failingAt([20]) });
    const tell = ({ state, result }: ReturnType<typeof reclassifyPodRun>, reason: string) =>
      renderPodDetails(rememberAnswer(state, { requestId: 'r', reason, answeredAt: '2026-03-01T13:00:00Z', result }));
    expect(tell(reclassifyPodRun(failed), 'rule `team-of` mended')).toContain(
      "Tried again with success 2026-03-01T13:00:00Z, because `rule 'team-of' mended`, 1 change classified, `Progressing` is now `Degraded, AppError, medium`",
    );
    expect(tell(reclassifyPodRun(failed, { rules: failingAt([20]) }), ' ')).toContain(
      'Tried again in vain 2026-03-01T13:00:00Z, 1 change not',
    );
    expect(tell(reclassifyPodRun(reclassifyPodRun(failed).state), '')).toContain(
      'Judged again as before 2026-03-01T13',
    );
  });

  it('show fifteen changes and five findings at most', () => {
    const changes = Array.from({ length: 20 }, (_, index) =>
      observedChange({ version: index + 1, containers: [{ restarts: index }] }),
    );
    expect(linesOf(drivePodRun([changes])).filter((line) => /^- \d{4}/.test(line))).toHaveLength(15);
    const state = drivePodRun([crashingLife().slice(0, 3)]);
    const [finding] = state.verdict!.findings;
    const many = { ...state, verdict: { ...state.verdict!, findings: Array.from({ length: 8 }, () => finding!) } };
    expect(renderPodDetails(many)).toContain('And 3 more findings.');
  });

  it('take nothing that came from the cluster for Markdown', () => {
    const state = drivePodRun([crashingLife().slice(0, 3)]);
    const [finding] = state.verdict!.findings;
    const hostile = { ...finding!, evidence: [{ source: 'pod' as const, value: 'a `b`\n# c' }] };
    const text = renderPodDetails({ ...state, verdict: { ...state.verdict!, findings: [hostile] } });
    expect(text).toContain("= `a 'b' # c`");
  });

  it('begin with the line a run is started with', () => {
    expect(podSummaryLine(podSnapshot({ owner: 'Job' }))).toBe('Pod shop/web-1 of Job/web');
  });
});

describe('a transition in a few words', () => {
  const time = '2026-03-01T12:00:00Z';
  it.each<[string, Transition]>([
    ['Restarted app (2)', { type: 'Restarted', at: time, container: 'app', count: 2 }],
    ['SpecChanged image labels', { type: 'SpecChanged', at: time, fields: ['image', 'labels'] }],
    ['Terminating forced', { type: 'Terminating', at: time, mode: 'forced' }],
    ['Deleted inferred', { type: 'Deleted', at: time, mode: 'inferred' }],
    ['Scheduled to node-1', { type: 'Scheduled', at: time, node: 'node-1' }],
    ['Scheduled', { type: 'Scheduled', at: time }],
    ['Ready', { type: 'Ready', at: time }],
  ])('is %s', (words, transition) => {
    expect(describeTransition(transition)).toBe(words);
  });
});
