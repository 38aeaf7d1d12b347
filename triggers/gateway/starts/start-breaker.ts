import { type FailureCode, failures } from '../../../domain/failures.ts';
import { Problem } from '../../http/problems/problem.ts';

/** Failures that speak against the class, not against one session. */
const startFailures: ReadonlySet<FailureCode> = new Set(['image_error', 'start_crash', 'unschedulable', 'pod_refused']);
const failuresInRow = 5;
const openMs = 30_000;
/** A probe of which nothing was heard for this long is not waited for: its requests have gone away. */
const probeMs = 30_000;
/** Sessions remembered of a class that fails for long. */
const mostFailed = 100;

interface FailingClass {
  /** Sessions whose start failed since the last one that succeeded; their runs hold further starts back themselves. */
  readonly failed: Set<string>;
  failures: number;
  lastCode: FailureCode;
  openUntilMs: number;
  /** The session that is let through to see whether the class works again. */
  probe: { readonly key: string; readonly untilMs: number } | null;
}

/** Holds back new pods of classes whose starts fail again and again. */
export interface StartBreaker {
  /** Throws a Problem, the last failure of the class, when a session of the class may not be started now. */
  pass(className: string, key: string): void;
  succeeded(className: string): void;
  failed(className: string, key: string, code: FailureCode): void;
  /** The session is still starting. */
  pending(className: string, key: string): void;
  /** Nothing had to be started. */
  undecided(className: string, key: string): void;
}

/**
 * Opens for a class when the starts of 5 sessions in a row failed. 30 s later one session may try: its success closes it,
 * its failure opens it for 30 s more. A session that failed is not counted twice in a row, because its run answers the
 * same failure for a while.
 */
export function createStartBreaker(nowMs: () => number = () => performance.now()): StartBreaker {
  const classes = new Map<string, FailingClass>();

  return {
    pass(className, key) {
      const known = classes.get(className);
      if (known === undefined || known.failures < failuresInRow || known.failed.has(key)) return;
      const now = nowMs();
      const { probe, openUntilMs } = known;
      const isProbed = probe !== null && probe.key !== key && now < probe.untilMs;
      if (now >= openUntilMs && !isProbed) known.probe = { key, untilMs: now + probeMs };
      else throw heldBack(className, known, (Math.max(openUntilMs, probe?.untilMs ?? 0) - now) / 1000);
    },
    succeeded(className) {
      classes.delete(className);
    },
    failed(className, key, code) {
      const known = classes.get(className) ?? {
        failed: new Set(),
        failures: 0,
        lastCode: code,
        openUntilMs: 0,
        probe: null,
      };
      const wasProbe = known.probe?.key === key;
      if (wasProbe) known.probe = null;
      if (!startFailures.has(code) || known.failed.has(key)) return;
      classes.set(className, known);
      known.failed.add(key);
      known.failures += 1;
      known.lastCode = code;
      for (const oldest of known.failed) {
        if (known.failed.size <= mostFailed) break;
        known.failed.delete(oldest);
      }
      if (known.failures === failuresInRow || wasProbe) known.openUntilMs = nowMs() + openMs;
    },
    pending(className, key) {
      const known = classes.get(className);
      if (known?.probe?.key === key) known.probe = { key, untilMs: nowMs() + probeMs };
    },
    undecided(className, key) {
      const known = classes.get(className);
      if (known?.probe?.key === key) known.probe = null;
    },
  };
}

function heldBack(className: string, { lastCode, failures: count }: FailingClass, waitSeconds: number): Problem {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitSeconds));
  const detail =
    `${failures[lastCode].meaning} The last ${count} starts of class "${className}" failed; ` +
    `the next one is tried within ${retryAfterSeconds} s.`;
  return new Problem(lastCode, { detail, retryAfterSeconds });
}
