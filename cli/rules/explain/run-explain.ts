import { type JudgeRequest, judgePods } from '../../classify/judge/judge-pods.ts';
import { describeFault, type Fault } from '../../classify/read/fault.ts';
import { printable } from '../../output.ts';
import type { Terminal } from '../../terminal.ts';
import type { JudgedState } from '../states/judged-state.ts';
import { loadRules } from '../load-rules.ts';
import { explainPod } from './explain-pod.ts';
import { printExplanation } from './print-explanations.ts';

export interface ExplainRequest extends Omit<JudgeRequest, 'path'> {
  readonly rules: string;
  /** Either pods in files, or those of a run. */
  readonly subject: { readonly path: string } | { readonly run: string };
  readonly output: 'table' | 'json';
}

type Explained = Pick<JudgedState, 'place' | 'subject'>;

/** Prints, for each pod, why each rule matched or not and what came of it. Sets exit code 2 when something can't be read. */
export async function runExplain(request: ExplainRequest, terminal: Terminal): Promise<void> {
  const say = (text: string): void => void terminal.stderr.write(`podkeeper rules explain: ${printable(text)}\n`);
  const loaded = await loadRules(request.rules);
  if ('faults' in loaded) {
    loaded.faults.forEach(say);
    terminal.setExitCode(2);
    return;
  }
  let printed = 0;
  const print = ({ subject, place }: Explained): void => {
    const explained = explainPod(subject, place, loaded.rules);
    if (request.output === 'json') terminal.stdout.write(`${JSON.stringify(explained)}\n`);
    else {
      if (printed > 0) terminal.stdout.write('\n');
      printExplanation(explained, terminal.stdout);
    }
    printed += 1;
  };
  const faults: Fault[] = [];
  for await (const item of subjectsOf(request, terminal)) {
    if ('fault' in item) faults.push(item.fault);
    else print(item);
  }
  for (const fault of faults) say(describeFault(fault));
  terminal.setExitCode(faults.length === 0 ? 0 : 2);
}

async function* subjectsOf(
  request: ExplainRequest,
  terminal: Terminal,
): AsyncGenerator<Explained | { readonly fault: Fault }> {
  const clock = (): Date => terminal.now();
  if ('run' in request.subject) {
    const { statesOfRunNamed } = await import('./states-of-run.ts');
    for (const item of await statesOfRunNamed(request.subject.run, clock)) yield 'state' in item ? item.state : item;
    return;
  }
  for await (const item of judgePods({ ...request, ...request.subject }, { stdin: terminal.stdin, clock })) {
    yield 'fault' in item ? item : { place: item.pod.source, subject: item.pod };
  }
}
