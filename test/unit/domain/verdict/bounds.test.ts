import { describe, expect, it } from '@jest/globals';
import { decideVerdict } from '../../../../domain/pods/verdict/decide-verdict.ts';
import { projectPod } from '../../../../domain/pods/snapshot/project-pod.ts';
import { buildPod, type ContainerParts, podNow, running, terminated, waiting } from '../../../helpers/pods.ts';
import { judge } from '../../../helpers/verdicts.ts';

const sizeOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).length;
const crowd = (amount: number, container: (index: number) => ContainerParts) =>
  buildPod({ containers: Array.from({ length: amount }, (_, index) => container(index)) });

describe('the size of a verdict', () => {
  it('stays below 24,000 bytes for 128 containers that crash with long messages, and says what was left out', () => {
    const pod = crowd(128, (index) => ({
      name: `container-with-a-rather-long-name-${index}`,
      state: running(-50),
      lastState: terminated({ exitCode: 3, message: 'ß€😀'.repeat(300), finished: -60 }),
      restarts: 9,
    }));
    const verdict = decideVerdict({ snapshot: projectPod(pod), now: podNow });
    expect(sizeOf(verdict)).toBeLessThan(24_000);
    expect(verdict.findings.length).toBeLessThanOrEqual(64);
    const seen = projectPod(pod).containers.length;
    expect(verdict.findings.length + (verdict.droppedFindings ?? 0)).toBe(seen);
  });

  it('stays below it for a snapshot that no projection has bounded', () => {
    const snapshot = projectPod(crowd(3, (index) => ({ name: `c${index}`, state: waiting('ErrImagePull', 'x') })));
    const long = '\u0000\ud800€"\\'.repeat(1000);
    const containers = Array.from({ length: 200 }, (_, index) => ({
      name: `${index}${long}`,
      type: 'app' as const,
      image: long,
      status: {
        ready: false,
        restartCount: 0,
        state: { kind: 'waiting' as const, reason: 'ErrImagePull', message: long },
      },
    }));
    const verdict = decideVerdict({
      snapshot: { ...snapshot, reason: 'Evicted', message: long, containers },
      now: podNow,
    });
    expect(sizeOf(verdict)).toBeLessThan(24_000);
    expect(verdict).toMatchObject({ primary: 'Evicted', incident: true });
    expect(verdict.findings.length + (verdict.droppedFindings ?? 0)).toBe(201);
    expect(JSON.stringify(verdict)).not.toMatch(/\\u0000|\\ud800/);
  });

  it('shortens the last findings before it drops any, and keeps the first whole', () => {
    const pod = crowd(60, (index) => ({
      name: `w${index}`,
      state: running(-50),
      lastState: terminated({ exitCode: 3 }),
      restarts: 4,
    }));
    const { findings, droppedFindings } = judge(pod);
    expect(droppedFindings).toBeUndefined();
    expect(findings[0]?.remedy).toBeDefined();
    expect(findings.at(-1)).toMatchObject({ container: 'w59', evidence: [{ value: 'Error' }] });
    expect(findings.at(-1)?.remedy).toBeUndefined();
  });

  it('cuts long texts visibly', () => {
    const message = `start ${'x'.repeat(900)} end`;
    const [finding] = judge(
      buildPod({ phase: 'Pending', containers: [{ state: waiting('CreateContainerError', message) }] }),
    ).findings;
    expect(finding?.summary).toMatch(/^container app cannot start .*x…$/);
    expect(finding?.evidence[1]?.value).toMatch(/^start x+…$/);
  });
});
