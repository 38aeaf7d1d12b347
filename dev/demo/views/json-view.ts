import type { TextOutput } from '../../../cli/output.ts';
import type { DemoRun } from '../runs.ts';
import { createNews, type News } from './news.ts';
import type { DemoPlace, DemoView } from './view.ts';

/**
 * For machines, one object a line and nothing else: a `change` for each classification, a `step` for each thing the demo did
 * or saw beside, and at the end one `summary`.
 */
export function createJsonView(output: TextOutput, place: DemoPlace): DemoView {
  const news = createNews();
  const print = (value: unknown) => output.write(`${JSON.stringify(value)}\n`);
  return {
    tell: () => undefined,
    step: ({ step, facts }) => print({ type: 'step', step, ...facts }),
    show: (runs) => news(runs).forEach((item) => print(changeOf(item))),
    conclude: ({ ok, checks, runs, seconds }) =>
      print({ type: 'summary', ok, ...place, seconds: Math.round(seconds), checks, runs: runs.map(runOf) }),
  };
}

function changeOf({ run, entry, isNewest }: News) {
  const [finding] = isNewest && entry.primary !== null ? (run.state.verdict?.findings ?? []) : [];
  return { type: 'change', pod: run.pod, ...entry, evidence: finding?.evidence ?? [], ...placeOf(run) };
}

function runOf(run: DemoRun) {
  const { verdict, restarts, operations, gone } = run.state;
  return {
    pod: run.pod,
    status: run.status,
    gone,
    health: verdict?.health ?? null,
    incidents: [...new Set(run.timeline.filter(({ incident }) => incident).map(({ primary }) => primary))],
    restarts,
    operations,
    ...placeOf(run),
  };
}

function placeOf({ uid, workflowId, runId, url }: DemoRun) {
  return { uid, workflowId, runId, url };
}
