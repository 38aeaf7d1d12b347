import type { Manifest } from '../../kubernetes/manifest.ts';
import type { Act } from './acts.ts';

const annotation = 'podkeeper.dev/simulate';

/** The acts that simulated nodes can play, changed so that they do: nothing runs there, an annotation says what would happen. */
export function simulatedActs(acts: readonly Act[]): Act[] {
  return acts.filter(({ simulated }) => simulated !== 'no').map(simulateAct);
}

function simulateAct(act: Act): Act {
  const { scenario, simulated } = act;
  if (simulated === 'as it is') return act;
  const annotate = (manifest: Manifest): Manifest => ({
    ...manifest,
    metadata: { ...manifest.metadata, annotations: { [annotation]: simulated } },
  });
  return { ...act, scenario: { ...scenario, objects: scenario.objects.map(annotate) } };
}
