import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { propertySeed } from '../../../helpers/properties.ts';
import { createStubRig, namespace, ref, runActivity, sentPod } from './session-stubs.ts';

const arbitraryPod = fc.record({
  incarnation: fc.integer({ min: 1, max: 30 }),
  forged: fc.boolean(),
  phase: fc.constantFrom('Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'),
  deleting: fc.boolean(),
});
const arbitraryPods = fc.uniqueArray(arbitraryPod, { selector: ({ incarnation }) => incarnation, maxLength: 6 });
const discover = (rig: ReturnType<typeof createStubRig>) =>
  runActivity(rig, 'discoverSession', { ...ref, namespaces: [namespace] });

describe('what an earlier run of a session left', () => {
  it(`the highest living pod of ours is taken over, all others end (seed ${propertySeed})`, async () => {
    const property = fc.asyncProperty(arbitraryPods, async (specs) => {
      const rig = createStubRig({
        pods: specs.map(({ incarnation, forged, phase, deleting }) =>
          sentPod(incarnation, {
            forged,
            status: { phase },
            metadata: deleting ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {},
          }),
        ),
      });
      const { pod, highestIncarnation } = await discover(rig);
      const ours = specs.filter(({ forged }) => !forged);
      const living = ours.filter(({ phase, deleting }) => !deleting && (phase === 'Pending' || phase === 'Running'));
      const best = Math.max(0, ...living.map(({ incarnation }) => incarnation));
      expect(pod?.incarnation ?? 0).toBe(best);
      expect(highestIncarnation).toBe(Math.max(0, ...ours.map(({ incarnation }) => incarnation)));
      const ended = specs.filter(({ incarnation, deleting }) => incarnation !== best && !deleting);
      expect([...rig.deleted].sort()).toEqual(ended.map(({ incarnation }) => `uid-${incarnation}`).sort());
    });
    await fc.assert(property, { seed: propertySeed, numRuns: 100 });
  });

  it('a pod of another name that copied all of ours is not ours, and its number counts for nothing', async () => {
    const copy = sentPod(9, { metadata: { name: 'copy', uid: 'copy' } });
    const rig = createStubRig({ pods: [sentPod(7), copy] });
    expect(await discover(rig)).toMatchObject({ pod: { incarnation: 7 }, highestIncarnation: 7 });
    expect(rig.deleted).toEqual(['copy']);
    expect(rig.logged()).not.toContain(ref.key);
  });
});
