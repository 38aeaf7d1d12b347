import { primaryFinding } from '../../../domain/pods/verdict/primary-finding.ts';
import type { Finding } from '../../../domain/pods/verdict/types.ts';
import { type Column, printable, printTable, type TextOutput } from '../../output.ts';
import type { RuledPod } from '../judge/apply-rules.ts';
import type { JudgedPod } from '../judge/judge-pods.ts';

export interface VerdictPrinter {
  print(pod: JudgedPod | RuledPod): void;
  /** Prints what was held back: the table, or the verdict of an only pod. */
  finish(): void;
}

/**
 * One pod: its verdict and nothing else but what rules add. More: a line each, with the pod and its source added.
 */
export function createJsonPrinter(output: TextOutput): VerdictPrinter {
  let only: JudgedPod | undefined;
  let printed = 0;
  const printLine = (pod: JudgedPod): void => {
    const { namespace, name, uid } = pod.snapshot;
    output.write(`${JSON.stringify({ ...content(pod), pod: { namespace, name, uid }, source: pod.source })}\n`);
  };
  return {
    print(pod) {
      printed += 1;
      if (printed === 1) {
        only = pod;
        return;
      }
      if (only !== undefined) printLine(only);
      only = undefined;
      printLine(pod);
    },
    finish() {
      if (only !== undefined) output.write(`${JSON.stringify(content(only))}\n`);
    },
  };
}

function content(pod: JudgedPod | RuledPod): object {
  return 'ruled' in pod ? { ...pod.verdict, ...pod.ruled } : pod.verdict;
}

/** A table of all pods, and below it what each finding rests on and what to do about it. */
export function createTablePrinter(output: TextOutput): VerdictPrinter {
  const pods: (JudgedPod | RuledPod)[] = [];
  return {
    print: (pod) => void pods.push(pod),
    finish() {
      if (pods.length === 0) return;
      const rows = pods.map((pod) => ({
        pod: nameOf(pod),
        verdict: pod.verdict,
        main: primaryFinding(pod.verdict),
        ruled: 'ruled' in pod ? pod.ruled : undefined,
      }));
      type Row = (typeof rows)[number];
      const ruledColumns: Column<Row>[] = [
        { title: 'TEAM', value: ({ ruled }) => ruled?.team ?? '' },
        { title: 'TAGS', value: ({ ruled }) => ruled?.tags.join(' ') ?? '' },
      ];
      printTable(
        rows,
        [
          { title: 'POD', value: ({ pod }) => pod },
          { title: 'HEALTH', value: ({ verdict }) => verdict.health },
          { title: 'CAUSE', value: ({ verdict }) => verdict.primary ?? '' },
          { title: 'SEVERITY', value: ({ main }) => main?.severity ?? '' },
          ...(rows.some(({ ruled }) => ruled !== undefined) ? ruledColumns : []),
          { title: 'SUMMARY', value: ({ main }) => main?.summary ?? '' },
        ],
        output,
      );
      for (const pod of pods) printFindings(pod, output);
    },
  };
}

function printFindings(pod: JudgedPod, output: TextOutput): void {
  const { findings } = pod.verdict;
  if (findings.length === 0) return;
  const lines = findings.flatMap(describeFinding);
  output.write(`\n${nameOf(pod)}\n${lines.map((line) => `  ${printable(line)}\n`).join('')}`);
}

function describeFinding({ cause, severity, confidence, summary, evidence, remedy }: Finding): string[] {
  return [
    `${cause} (${severity}, ${confidence}): ${summary}`,
    ...evidence.map(
      ({ source, path, value }) => `  evidence: ${source}${path === undefined ? '' : ` ${path}`} = ${value}`,
    ),
    ...(remedy === undefined ? [] : [`  what to do: ${remedy}`]),
  ];
}

function nameOf({ snapshot: { namespace, name } }: JudgedPod): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}
