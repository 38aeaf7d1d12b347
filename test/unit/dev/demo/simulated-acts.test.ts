import { describe, expect, it } from '@jest/globals';
import { acts } from '../../../../dev/demo/acts/acts.ts';
import { simulatedActs } from '../../../../dev/demo/acts/simulated-acts.ts';

describe('the acts of the demo', () => {
  it('are the seven that were promised on a real node', () => {
    expect(acts.map(({ scenario }) => scenario.name)).toEqual([
      'deployment-rolled',
      'oom',
      'crash-loop',
      'liveness-kill',
      'image-missing',
      'config-missing',
      'job-finished',
    ]);
  });

  it('are, on simulated nodes, those that can be simulated, annotated so that they are', () => {
    const annotations = simulatedActs(acts).map(({ scenario }) => [
      scenario.name,
      scenario.objects[0]?.metadata.annotations?.['podkeeper.dev/simulate'],
    ]);
    expect(annotations).toEqual([
      ['deployment-rolled', undefined],
      ['oom', 'oom'],
      ['crash-loop', 'crash-loop'],
      ['image-missing', 'image-pull'],
      ['job-finished', undefined],
    ]);
  });
});
