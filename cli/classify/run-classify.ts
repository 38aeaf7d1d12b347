import { decideVerdict } from '../../domain/pods/verdict/decide-verdict.ts';
import { printable } from '../output.ts';
import type { Terminal } from '../terminal.ts';
import { createEvidenceCollector, type EvidenceCollector } from './collect-evidence.ts';
import { createPodCollector, type PodCollector } from './collect-pods.ts';
import { describeFault, type Fault } from './fault.ts';
import { createJsonPrinter, createTablePrinter, type VerdictPrinter } from './print-verdicts.ts';
import { readObjects, type SourcedObject } from './read-objects.ts';

export interface ClassifyRequest {
  readonly path: string;
  readonly events?: string;
  readonly node?: string;
  readonly now?: Date;
  readonly output: 'table' | 'json';
}

/**
 * Prints a verdict for every pod that can be read, and on stderr a fault for everything that can't. Sets exit code 2
 * when there was a fault, or no pod at all.
 */
export async function runClassify(request: ClassifyRequest, terminal: Terminal): Promise<void> {
  const faults: Fault[] = [];
  const evidence = createEvidenceCollector();
  for (const path of [request.events, request.node]) {
    if (path === undefined) continue;
    for await (const item of readObjects(path, terminal.stdin)) {
      if ('fault' in item) faults.push(item.fault);
      else noteFault(faults, item.object, evidence.add(item.object));
    }
  }
  const printer = request.output === 'json' ? createJsonPrinter(terminal.stdout) : createTablePrinter(terminal.stdout);
  const judge = createJudge({ request, terminal, evidence, printer, faults });
  for await (const item of readObjects(request.path, terminal.stdin)) {
    if ('fault' in item) faults.push(item.fault);
    else judge.take(item.object);
  }
  const judged = judge.finish();
  printer.finish();
  if (judged === 0 && faults.length === 0) faults.push({ source: request.path, message: 'holds no pod' });
  for (const fault of faults) terminal.stderr.write(`podkeeper classify: ${printable(describeFault(fault))}\n`);
  terminal.setExitCode(faults.length === 0 ? 0 : 2);
}

interface JudgeOptions {
  readonly request: ClassifyRequest;
  readonly terminal: Terminal;
  readonly evidence: EvidenceCollector;
  readonly printer: VerdictPrinter;
  readonly faults: Fault[];
}

/** Collects what belongs together, source by source: in a recording, evidence may come after the pod it is about. */
function createJudge({ request, terminal, evidence, printer, faults }: JudgeOptions) {
  let source: string | undefined;
  let pods: PodCollector = createPodCollector();
  let recorded: EvidenceCollector = createEvidenceCollector(evidence);
  let judged = 0;
  const flush = (): void => {
    for (const { snapshot, previous, seenAt, deleted, source: from } of pods.pods()) {
      const now = request.now ?? (seenAt === undefined ? terminal.now() : new Date(seenAt));
      const verdict = decideVerdict({ snapshot, previous, evidence: recorded.of(snapshot), now, deleted });
      printer.print({ source: from, snapshot, verdict });
      judged += 1;
    }
    pods = createPodCollector();
    recorded = createEvidenceCollector(evidence);
  };
  return {
    take(object: SourcedObject): void {
      if (object.source !== source) flush();
      ({ source } = object);
      noteFault(faults, object, addTo({ pods, recorded, object }));
    },
    finish(): number {
      flush();
      return judged;
    },
  };
}

function addTo({
  pods,
  recorded,
  object,
}: {
  readonly pods: PodCollector;
  readonly recorded: EvidenceCollector;
  readonly object: SourcedObject;
}): string | undefined {
  const { kind, change, path } = object;
  // A bookmark has a Pod with nothing but a version; an error is a Status.
  if (change?.type === 'BOOKMARK' || change?.type === 'ERROR') return undefined;
  if (kind === 'Pod') return pods.add(object);
  if (change !== undefined && (kind === 'Event' || kind === 'Node')) return recorded.add(object);
  return `${path === '' ? '' : `${path}.`}kind is ${kind === '' ? 'missing' : `${kind}, not Pod`}`;
}

function noteFault(faults: Fault[], { source, document, line }: SourcedObject, message: string | undefined): void {
  if (message !== undefined) faults.push({ source, document, line, message });
}
