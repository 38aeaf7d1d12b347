import { boundFindings } from './selection/bounds.ts';
import { createContext, type VerdictContext, type VerdictInput } from './context/context.ts';
import type { Draft } from './draft.ts';
import { excuseSucceeded } from './selection/excuse-succeeded.ts';
import { explain } from './selection/explain.ts';
import { judgeHealth } from './selection/health.ts';
import { isIncident } from './selection/incident.ts';
import { sortByWeight } from './selection/primary.ts';
import { rules } from './rules.ts';
import type { Cause, Finding, Health, Verdict } from './types.ts';

/**
 * What happened to a pod, and how we know: a pure function of its snapshot, the one before, optional evidence and the
 * moment. Never throws. Causes, order and remedies are those of docs/verdicts.md.
 */
export function decideVerdict(input: VerdictInput): Verdict {
  const context = createContext(input);
  const found = excuseSucceeded(input.snapshot.phase, applyRules(context));
  const drafts = sortByWeight(context, explain(context, found));
  const all = drafts.map(({ finding }) => finding);
  const health = judgeHealth(context, all);
  const incident = all.some(isIncident);
  const { findings, dropped } = boundFindings(all);
  return {
    schemaVersion: 1,
    health,
    incident,
    primary: choosePrimary(findings, health, incident),
    findings,
    ...(dropped === 0 ? {} : { droppedFindings: dropped }),
  };
}

function applyRules(context: VerdictContext): readonly Draft[] {
  const found: Draft[] = [];
  for (const rule of rules) found.push(...rule(context, found));
  return found;
}

/** The heaviest finding; none for a healthy pod that has nothing but informational ones. */
export function choosePrimary([first]: readonly Finding[], health: Health, incident: boolean): Cause | null {
  return first === undefined || (health === 'Healthy' && !incident) ? null : first.cause;
}
