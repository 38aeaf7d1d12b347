import type { ReflectorEvent } from './types.ts';

/**
 * The version from which a reflector may be started again once this event, and all before it, are dealt with; `null`
 * when the event gives none and the previous one still holds (changes of a list, inferred deletes, gaps).
 */
export function resumePoint(event: ReflectorEvent<unknown>): string | null {
  switch (event.kind) {
    case 'bookmark':
    case 'relisted':
      return event.version;
    case 'added':
    case 'modified':
      return event.fromList ? null : event.version;
    case 'deleted':
      return event.inferred ? null : event.version;
    case 'gap':
    case 'epoch':
      return null;
  }
}
