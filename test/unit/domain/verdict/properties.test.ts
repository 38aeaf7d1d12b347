import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PodSnapshot } from '../../../../domain/pods/snapshot/pod-snapshot.ts';
import { decideVerdict } from '../../../../domain/pods/verdict/decide-verdict.ts';
import { causes, type Verdict } from '../../../../domain/pods/verdict/types.ts';
import { podNow } from '../../../helpers/pods.ts';
import { anyEvidence, anySnapshot } from './generated-snapshots.ts';

const seed = Number(process.env['PODKEEPER_TEST_SEED'] ?? Date.now() % 2 ** 31);
const counting = new Set(['crash', 'startup', 'scheduling', 'probe', 'node', 'workload']);
const input = fc.record({
  snapshot: anySnapshot,
  previous: fc.option(anySnapshot, { nil: undefined }),
  evidence: fc.option(anyEvidence, { nil: undefined }),
  deleted: fc.boolean(),
});
const decide = (parts: Omit<Parameters<typeof decideVerdict>[0], 'now'>) => decideVerdict({ ...parts, now: podNow });

/** Checks `expectation` against verdicts on generated pods; the seed is printed with a failure. */
function holds(expectation: (verdict: Verdict, snapshot: PodSnapshot) => void): void {
  fc.assert(
    fc.property(input, (parts) => {
      expectation(decide(parts), parts.snapshot);
    }),
    { seed, numRuns: 80 },
  );
}

describe(`any snapshot (PODKEEPER_TEST_SEED=${seed})`, () => {
  it('gets a verdict, always the same, and is not changed by it', () => {
    fc.assert(
      fc.property(input, (parts) => {
        const before = JSON.stringify(parts);
        const first = JSON.stringify(decide(parts));
        expect(JSON.stringify(decide(structuredClone(parts)))).toBe(first);
        expect(JSON.stringify(parts)).toBe(before);
      }),
      { seed, numRuns: 80 },
    );
  });

  it('gets at most 64 findings and 24,000 bytes, and a count of what was left out', () => {
    holds(({ findings, ...rest }) => {
      expect(findings.length).toBeLessThanOrEqual(64);
      expect(new TextEncoder().encode(JSON.stringify({ findings, ...rest })).length).toBeLessThanOrEqual(24_000);
    });
  });

  it('gets a primary cause that is its first finding, or none', () => {
    holds(({ primary, findings, incident }) => {
      if (primary === null) expect(incident).toBe(false);
      else expect(findings[0]?.cause).toBe(primary);
    });
  });

  it('is an incident exactly when a finding counts and is not excused', () => {
    holds(({ incident, findings, droppedFindings }) => {
      const counts = findings.some(
        ({ category, severity, excuse }) => counting.has(category) && severity !== 'info' && excuse === undefined,
      );
      if (counts || droppedFindings === undefined) expect(incident).toBe(counts);
    });
  });

  it('is never an incident once it has succeeded', () => {
    holds(({ incident, health }, { phase }) => {
      if (phase === 'Succeeded') expect({ incident, health }).toEqual({ incident: false, health: 'Completed' });
    });
  });

  it('has evidence and a summary for each finding, and explains only by findings that are there', () => {
    holds(({ findings, droppedFindings }) => {
      const found = new Set(findings.map(({ cause }) => cause));
      for (const { cause, evidence, summary, explainedBy } of findings) {
        expect(causes).toContain(cause);
        expect(evidence.length).toBeGreaterThan(0);
        expect(summary).not.toBe('');
        if (explainedBy !== undefined && droppedFindings === undefined) expect(found.has(explainedBy)).toBe(true);
      }
    });
  });

  it('is never called out of memory without the kernel’s or the node’s word', () => {
    holds(({ findings }) => {
      for (const { cause, evidence } of findings) {
        if (cause !== 'OOMKilled') continue;
        expect(evidence.some(({ source, value }) => source === 'event' || value === 'OOMKilled')).toBe(true);
      }
    });
  });
});
