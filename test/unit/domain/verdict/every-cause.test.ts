import { describe, expect, it } from '@jest/globals';
import { causes, excuses } from '../../../../domain/pods/verdict/types.ts';
import { tableUnder } from '../../../helpers/markdown-tables.ts';
import { buildPod } from '../../../helpers/pods.ts';
import { brief, findingOf, judge } from '../../../helpers/verdicts.ts';
import { causeSamples } from './cause-samples.ts';

const documented = tableUnder(new URL('../../../../docs/verdicts.md', import.meta.url), 'Causes');

describe('every cause', () => {
  it('is documented once, in the order of the list', () => {
    expect(documented.map(([cause]) => cause)).toEqual([...causes]);
  });

  it('is documented with signal, severity, remedy and evidence', () => {
    for (const row of documented) {
      expect(row).toHaveLength(6);
      for (const cell of row) expect(cell).not.toBe('');
    }
  });

  it.each(causes)('%s is found by its signal, with the documented category and severity', (cause) => {
    const { pod, options, expected } = causeSamples[cause];
    const verdict = judge(pod, options);
    expect(brief(verdict)).toBe(expected);
    const { category, severity } = findingOf(verdict, cause);
    const row = documented.find(([name]) => name === cause) ?? [];
    expect(category).toBe(row[1]);
    expect(row[3]).toMatch(new RegExp(`^${severity}`));
  });

  it.each(causes)('%s is told in a sentence that names what it happened to', (cause) => {
    const { pod, options } = causeSamples[cause];
    const { summary, container } = findingOf(judge(pod, options), cause);
    expect(summary).toMatch(
      container === undefined ? /pod|node/ : new RegExp(`container(s)? ${container}|postStart|preStop`),
    );
  });

  it('is absent from a pod that runs and is ready', () => {
    const verdict = judge(buildPod());
    expect(verdict).toEqual({ schemaVersion: 1, health: 'Healthy', incident: false, primary: null, findings: [] });
  });

  it('is absent from a ready pod with finished init containers and a running sidecar', () => {
    const done = { terminated: { exitCode: 0, reason: 'Completed' } };
    const containers = [
      {},
      { name: 'setup', type: 'init' as const, state: done },
      { name: 'proxy', type: 'sidecar' as const },
    ];
    expect(brief(judge(buildPod({ containers })))).toBe('none no-incident Healthy');
    expect(judge(buildPod({ containers })).findings).toEqual([]);
  });
});

describe('every excuse', () => {
  it('is documented', () => {
    const rows = tableUnder(new URL('../../../../docs/verdicts.md', import.meta.url), 'Not a crash');
    expect(rows.map(([excuse]) => excuse).sort()).toEqual([...excuses].sort());
  });
});

describe('remedies', () => {
  it('speak of the memory limit only when the cause is OOMKilled', () => {
    for (const cause of causes) {
      const { pod, options } = causeSamples[cause];
      for (const finding of judge(pod, options).findings) {
        if (finding.cause !== 'OOMKilled') expect(finding.remedy ?? '').not.toMatch(/memory limit/i);
      }
    }
  });
});
