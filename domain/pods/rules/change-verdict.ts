import { choosePrimary } from '../verdict/decide-verdict.ts';
import { boundFindings } from '../verdict/selection/bounds.ts';
import { isIncident } from '../verdict/selection/incident.ts';
import type { Finding, Severity, Verdict } from '../verdict/types.ts';

/** What rules want changed; findings are named by their place in the verdict. */
export interface VerdictChanges {
  readonly severities: ReadonlyMap<number, Severity>;
  readonly ignored: ReadonlySet<number>;
  /** Everything is ignored, also findings that a verdict had no room for. */
  readonly ignoresAll: boolean;
}

/**
 * The verdict with other severities, and with findings that open no incident. Incident, order of findings and primary
 * cause follow by the rules of docs/verdicts.md; the health stays, because it says how the pod is and not who has to act.
 */
export function changeVerdict(verdict: Verdict, { severities, ignored, ignoresAll }: VerdictChanges): Verdict {
  const changed = verdict.findings.map((finding, index) => {
    const severity = severities.get(index) ?? finding.severity;
    const rated = severity === finding.severity ? finding : { ...finding, severity };
    return ignored.has(index) && isIncident(rated) ? { ...rated, excuse: 'ignored' as const } : rated;
  });
  // Only a finding that was dropped for want of room can have made it one.
  const byDropped = verdict.incident && !verdict.findings.some(isIncident);
  const incident = changed.some(isIncident) || (byDropped && !ignoresAll);
  if (incident === verdict.incident && changed.every((finding, index) => finding === verdict.findings[index])) {
    return verdict;
  }
  const { findings, dropped } = boundFindings(changed.toSorted((one, other) => weight(one) - weight(other)));
  const droppedFindings = (verdict.droppedFindings ?? 0) + dropped;
  return {
    ...verdict,
    incident,
    primary: choosePrimary(findings, verdict.health, incident),
    findings,
    ...(droppedFindings === 0 ? {} : { droppedFindings }),
  };
}

/** The first two keys by which verdicts sort their findings: unexplained first, then those that make the incident. */
function weight(finding: Finding): number {
  return (finding.explainedBy === undefined ? 0 : 2) + (isIncident(finding) ? 0 : 1);
}
