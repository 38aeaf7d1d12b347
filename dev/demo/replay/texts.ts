import { relative } from 'node:path';
import type { DemoStep } from '../views/view.ts';
import type { ReplayFiles } from './files.ts';
import type { ReplayRecord, SeenReplay } from './record.ts';
import type { ReportedPod } from './reported-pods.ts';
import { reportedNamespace, ruleName } from './rules.ts';

/** The request to the webhook, for another terminal; sent twice it counts once. */
export function sendCommand(url: string, files: Pick<ReplayFiles, 'token' | 'events'>): string {
  return curl(files.token, [
    "-H 'Content-Type: application/json'",
    `--data @${pathText(files.events)}`,
    `${url}/api/v1/pod-events`,
  ]);
}

export function sendingStep(input: {
  readonly url: string;
  readonly files: ReplayFiles;
  readonly pods: readonly ReportedPod[];
}): DemoStep {
  const { url, files, pods } = input;
  const names = pods.map(({ name }) => name);
  const command = sendCommand(url, files);
  return {
    step: 'events-sent',
    facts: { namespace: reportedNamespace, pods: names, command, rulesFile: files.rules },
    text: [
      `Beside them, pods that no watch sees: ${names.join(', ')} of namespace "${reportedNamespace}" are reported over HTTP.`,
      'Each gets a run as any pod does. You can send the same yourself:',
      `  ${command}`,
      '',
    ].join('\n'),
  };
}

export function failedStep(failing: ReplayRecord['failing'], rulesFile: string): DemoStep {
  const failures = [...failing].flatMap(
    ([
      pod,
      {
        failures: { items },
      },
    ]) => items.map(({ rule, reason }) => ({ pod, rule, reason })),
  );
  return {
    step: 'classification-failed',
    facts: { failures },
    text: [
      `None of them could be classified, because a rule in ${pathText(rulesFile)} is broken:`,
      ...failures.map(({ pod, reason }) => `  ! ${reportedNamespace}/${pod}: ${reason}`),
      'Their runs keep the input. Nothing else is affected. The rule gets a default for the label now.',
      '',
    ].join('\n'),
  };
}

export function mendedStep(input: { readonly rulesFile: string; readonly seconds: number }): DemoStep {
  return {
    step: 'rules-mended',
    facts: input,
    text: `The pod worker has the mended rule "${ruleName}" after ${input.seconds.toFixed(1)} s, without a restart. Now what failed is tried again:`,
  };
}

export function startedStep(input: {
  readonly url: string;
  readonly replayId: string;
  readonly runUrl: string;
  readonly tokenFile: string;
}): DemoStep {
  const command = curl(input.tokenFile, [`${input.url}/api/v1/classifications/replay/${input.replayId}`]);
  return {
    step: 'replay-started',
    facts: { replayId: input.replayId, url: input.runUrl, command },
    text: [
      `  POST /api/v1/classifications/replay {"filter": {"namespace": "${reportedNamespace}", "rule": "${ruleName}"}}`,
      `  its run: ${input.runUrl}`,
      `  how far it is: ${command}`,
    ].join('\n'),
  };
}

export function progressStep({ replayId, progress }: Pick<SeenReplay, 'replayId' | 'progress'>): DemoStep {
  const { state, tried, counts, runs } = progress;
  const { fixed } = counts;
  const ended =
    state === 'running' ? [] : [...runs].reverse().map(({ workflowId, to }) => `    ${workflowId}  ${to ?? ''}`);
  return {
    step: 'replay-progress',
    facts: { replayId, state, tried, counts },
    text: [`  replay ${state}: ${tried} tried, ${fixed} fixed`, ...ended, ...(ended.length > 0 ? [''] : [])].join('\n'),
  };
}

/** The token stays in its file: a terminal's history is no place for it. */
export function curl(tokenFile: string, rest: readonly string[]): string {
  return ['curl -sS', `-H "Authorization: Bearer $(cat ${pathText(tokenFile)})"`, ...rest].join(' ');
}

/** As seen from where the demo was started, if that is shorter: the other commands it shows need this folder too. */
export function pathText(path: string): string {
  const near = relative(process.cwd(), path);
  const shown = near.length < path.length ? near : path;
  return /^[\w./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`;
}
