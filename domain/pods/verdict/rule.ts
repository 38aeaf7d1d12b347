import type { VerdictContext } from './context/context.ts';
import type { Draft } from './draft.ts';

/** One cause family. `found` holds what the rules before it in the list have found. */
export type Rule = (context: VerdictContext, found: readonly Draft[]) => readonly Draft[];
