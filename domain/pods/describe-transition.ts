import type { Transition } from './transitions.ts';

/** A transition in a few words: `Restarted app (2)`, `SpecChanged image`, `Deleted inferred`. */
export function describeTransition(transition: Transition): string {
  switch (transition.type) {
    case 'Restarted':
      return `Restarted ${transition.container} (${transition.count})`;
    case 'SpecChanged':
      return `SpecChanged ${transition.fields.join(' ')}`;
    case 'Terminating':
    case 'Deleted':
      return `${transition.type} ${transition.mode}`;
    case 'Scheduled':
      return transition.node === undefined ? 'Scheduled' : `Scheduled to ${transition.node}`;
    default:
      return transition.type;
  }
}
