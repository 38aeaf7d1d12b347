import type { TimelineEntry } from '../pod-run.ts';
import type { Verdict } from '../../verdict/types.ts';

/** What a person sees of one judgement: the verdict, and what user rules said about it. */
export interface Judged {
  readonly verdict: Verdict | null;
  /** The timeline entry that brought it; null when it isn't known. */
  readonly entry: TimelineEntry | null;
}

/**
 * Two judgements in short, each as `Degraded, OOMKilled, high`, or `none`. The team and the tags of rules are named only where
 * the two differ in them, and whether it is an incident only where that is all the difference; so two texts that are equal
 * mean that a person would notice nothing.
 */
export function compareJudged(before: Judged, after: Judged): { readonly from: string; readonly to: string } {
  const both = [extras(before), extras(after)] as const;
  // What isn't known on one side can't be said to differ.
  const known = before.entry !== null && after.entry !== null;
  const differs = {
    incident: verdictLine(before.verdict) === verdictLine(after.verdict) && both[0].incident !== both[1].incident,
    team: known && both[0].team !== both[1].team,
    tags: known && both[0].tags !== both[1].tags,
  };
  const line = (judged: Judged, { incident, team, tags }: Extras): string =>
    [
      verdictLine(judged.verdict),
      ...(differs.incident ? [incident] : []),
      ...(differs.team ? [team] : []),
      ...(differs.tags ? [tags] : []),
    ].join(', ');
  return { from: line(before, both[0]), to: line(after, both[1]) };
}

function verdictLine(verdict: Verdict | null): string {
  if (verdict === null) return 'none';
  const { health, primary, findings } = verdict;
  return [health, ...(primary === null ? [] : [primary, findings[0]?.severity ?? ''])].join(', ');
}

interface Extras {
  readonly incident: string;
  readonly team: string;
  readonly tags: string;
}

function extras({ verdict, entry }: Judged): Extras {
  const tags = ruleTags(entry);
  return {
    incident: verdict?.incident === true ? 'incident' : 'no incident',
    team: entry?.team === undefined ? 'no team' : `team ${entry.team}`,
    tags: tags.length === 0 ? 'no tags of rules' : `tags ${tags.join(' ')}`,
  };
}

/** The tags of an entry that rules added: without what every classification says about itself, and the team. */
function ruleTags(entry: TimelineEntry | null): string[] {
  if (entry === null) return [];
  const { tags, operation, health, primary, team } = entry;
  const own = new Set<string | null>(['pod', operation, health.toLowerCase(), 'incident', primary, `team:${team}`]);
  return tags.filter((tag) => !own.has(tag));
}
