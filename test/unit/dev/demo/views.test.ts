import { describe, expect, it } from '@jest/globals';
import { createJsonView } from '../../../../dev/demo/views/json-view.ts';
import { createLineView } from '../../../../dev/demo/views/line-view.ts';
import { rowsOf } from '../../../../dev/demo/views/row.ts';
import { demoRun, entry } from '../../../helpers/demo/demo-run.ts';

const added = entry({ version: '1', operation: 'add' });
const killed = entry({ version: '2', cause: 'OOMKilled' });
const verdict = {
  schemaVersion: 1,
  health: 'Degraded',
  incident: true,
  primary: 'OOMKilled',
  findings: [
    {
      cause: 'OOMKilled',
      category: 'crash',
      severity: 'high',
      confidence: 'confirmed',
      summary: 'container app was killed',
      evidence: [{ source: 'pod', path: 'status.containerStatuses[app].state.terminated.reason', value: 'OOMKilled' }],
    },
  ],
} as const;

function written(): { readonly lines: () => string[]; readonly write: (text: string) => void } {
  let text = '';
  return { lines: () => text.trimEnd().split('\n'), write: (part) => (text += part) };
}

describe('the demo in a pipe', () => {
  it('tells each classification once, with the evidence of the newest and a link when an incident begins', () => {
    const output = written();
    const view = createLineView(output);
    view.show([demoRun({ timeline: [added] })]);
    const run = demoRun({ timeline: [added, killed], state: { verdict } });
    view.show([run]);
    view.show([run]);
    expect(output.lines()).toEqual([
      '00:00:01  Pod add: web                         Healthy',
      '          http://127.0.0.1:8233/run-1',
      '00:00:02  Pod update: web                    ! Degraded: OOMKilled – container app: OOMKilled  [reason=OOMKilled]',
      '          http://127.0.0.1:8233/run-1',
    ]);
  });

  it('tells what it does beside', () => {
    const output = written();
    createLineView(output).step({ step: 'rules-mended', text: 'The rule is mended.', facts: {} });
    expect(output.lines()).toEqual(['The rule is mended.']);
  });

  it('does not let a pod steer the terminal', () => {
    const output = written();
    const nasty = { ...killed, summary: 'over\u001b[2J\nthere' };
    createLineView(output).show([demoRun({ timeline: [nasty] })]);
    expect(output.lines()[0]).toContain('– over there');
  });
});

describe('the demo for machines', () => {
  it('writes one object a line: steps and changes, then the summary', () => {
    const output = written();
    const view = createJsonView(output, {
      node: 'real',
      reason: null,
      temporalUiUrl: 'http://127.0.0.1:8233',
      skipped: [],
    });
    const runs = [demoRun({ timeline: [added, killed], state: { verdict } })];
    view.tell('nothing of this');
    view.step({ step: 'rules-mended', text: 'nor of this', facts: { seconds: 1.2 } });
    view.show(runs);
    view.conclude({ ok: true, checks: [], runs, seconds: 1.4 });
    const objects = output.lines().map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects).toMatchObject([
      { type: 'step', step: 'rules-mended', seconds: 1.2 },
      { type: 'change', pod: 'web', operation: 'add', url: 'http://127.0.0.1:8233/run-1' },
      { type: 'change', pod: 'web', primary: 'OOMKilled', evidence: [{ value: 'OOMKilled' }] },
      { type: 'summary', ok: true, node: 'real', seconds: 1, runs: [{ pod: 'web', incidents: ['OOMKilled'] }] },
    ]);
  });
});

describe('the live table', () => {
  it('has a line for each pod, by name, with operation, verdict and evidence', () => {
    const rows = rowsOf([
      demoRun({ timeline: [added, killed], state: { verdict } }),
      demoRun({ pod: 'api', timeline: [added] }),
    ]);
    expect(rows).toMatchObject([
      { pod: 'api', operation: 'added (2)', verdict: '…', evidence: '' },
      { pod: 'web', operation: 'updated (2)', verdict: '! Degraded: OOMKilled', evidence: 'reason=OOMKilled' },
    ]);
  });

  it('says of a pod that it could not be classified', () => {
    expect(rowsOf([demoRun({ timeline: [], state: { failed: 1 } })])).toMatchObject([
      { operation: '', verdict: '! not classified' },
    ]);
  });
});
