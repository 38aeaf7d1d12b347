import type { RunRow } from '../../platform/temporal/runs/run-row.ts';
import type { RunFailure } from '../../triggers/http/runs/views/read-run-end.ts';
import type { ReclassifiedPod } from '../../workflows/reclassify.messages.ts';
import { printable, type TextOutput } from '../output.ts';
import { printTimeline } from './print-pod-run.ts';
import { printVerdict } from './print-verdict.ts';

export interface PrintedReclassification {
  readonly run: RunRow;
  readonly failure: RunFailure | null;
  readonly result: ReclassifiedPod | null;
}

/** Prints what a closed pod run lacked, as far as it could be classified now. */
export function printReclassification({ run, failure, result }: PrintedReclassification, stdout: TextOutput): void {
  const print = (line: string): unknown => stdout.write(`${printable(line)}\n`);
  print(`${run.workflowId}  (${run.status.toLowerCase()}, started ${run.startedAt})`);
  if (run.url !== null) print(run.url);
  if (failure !== null) print(`Not fixed (${failure.type}): ${failure.message}`);
  if (result === null) {
    if (failure === null) print('It is still running.');
    return;
  }
  const { outcome, fixed, failing, lost, rulesVersion, verdict, entries, entriesDropped } = result;
  print(`${outcome}: ${fixed} changes classified, ${failing} still failing; rules ${rulesVersion}`);
  if (lost > 0) print(`${lost} older changes could not be kept and can't be tried.`);
  if (verdict !== null) {
    stdout.write('\n');
    printVerdict({ verdict }, stdout);
  }
  stdout.write('\n');
  if (entriesDropped > 0) print(`${entriesDropped} older entries are no longer kept.`);
  printTimeline(entries, stdout);
}
