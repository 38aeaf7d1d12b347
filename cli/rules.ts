import { type Command, Option } from 'commander';
import type { RunFilter } from '../platform/temporal/runs/visibility-query.ts';
import { addJudgeOptions, type JudgeOptions } from './classify/judge-options.ts';
import { openProcessTerminal, type Terminal } from './terminal.ts';
import { wholeNumber } from './whole-number.ts';

interface OutputOption {
  readonly output: 'table' | 'json';
}

interface DiffOptions extends OutputOption, Omit<RunFilter, 'type'> {
  readonly runs?: true;
  readonly limit: number;
  readonly exitCode?: true;
}

/** `podkeeper rules check|explain|diff`: user rules, tried before they are in force. */
export function addRulesCommands(program: Command, openTerminal: () => Terminal = openProcessTerminal): void {
  const rules = program.command('rules').description('check, explain and compare classification rules');
  addCheck(rules, openTerminal);
  addExplain(rules, openTerminal);
  addDiff(rules, openTerminal);
}

function addCheck(rules: Command, openTerminal: () => Terminal): void {
  rules
    .command('check')
    .description('say whether rules files are right, and where they are not')
    .argument('<file...>', 'rules files; "-" is standard input')
    .addHelpText('after', checkHelp)
    .action(async (files: readonly string[]) => {
      const { checkRules } = await import('./rules/check-rules.ts');
      await checkRules(files, openTerminal());
    });
}

const checkHelp = `
A fault is one line on stderr: file:line:column: path: message.
Exit codes: 0 all files are right, 2 one is not, or can't be read.
Example: podkeeper rules check classification-rules.yaml`;

function addExplain(rules: Command, openTerminal: () => Terminal): void {
  const explain = rules
    .command('explain')
    .description('say of each pod which rule matches and why, and what the rules make of its verdict')
    .argument('<rules>', 'the rules file')
    .argument('[path]', 'pods: a file, a directory or "-" for standard input, as "podkeeper classify" reads them')
    .option('--run <run>', 'the pod of a run, by <namespace>/<pod> or the id of the run, instead of files');
  addJudgeOptions(explain)
    .addOption(outputOption())
    .addHelpText('after', explainHelp)
    .action(async (file: string, path: string | undefined, options: ExplainOptions) => {
      const { run, ...others } = options;
      if ((run === undefined) === (path === undefined)) {
        explain.error('error: name the pods: either files or --run, and not both');
      }
      const subject = run === undefined ? { path: path ?? '' } : { run };
      const { runExplain } = await import('./rules/explain/run-explain.ts');
      await runExplain({ rules: file, subject, ...others }, openTerminal());
    });
}

type ExplainOptions = OutputOption & JudgeOptions & { readonly run?: string };

const explainHelp = `
Of a recording it takes each pod's last state. Of a run it takes every change that could not be classified, and the last
state that could. JSON output is one object for each.
Exit codes: 0 all was read, 1 the run could not be read, 2 bad input (the rest is explained all the same).
Example: kubectl get pod web-0 -o yaml | podkeeper rules explain classification-rules.yaml -`;

function addDiff(rules: Command, openTerminal: () => Terminal): void {
  const diff = rules
    .command('diff')
    .description('say what other rules would change, on recorded pods and on runs')
    .argument('<old>', 'the rules file now; "-" or "none" is no rules')
    .argument('<new>', 'the rules file to try; "-" or "none" is no rules')
    .argument('[paths...]', 'recordings and other files with pods, or directories; "-" is standard input')
    .option('--runs', 'look at runs in Temporal; the options below choose which');
  addRunOptions(diff)
    .option('--exit-code', 'exit with 1 when anything differs')
    .addOption(outputOption())
    .addHelpText('after', diffHelp)
    .action(async (older: string, newer: string, paths: readonly string[], options: DiffOptions) => {
      const { runs, limit, output, exitCode = false, ...filter } = options;
      if (runs === undefined && Object.keys(filter).length > 0) {
        diff.error(`error: --${Object.keys(filter)[0] ?? ''} chooses among runs: add --runs`);
      }
      if (runs === undefined && paths.length === 0) {
        diff.error('error: name what to compare on: recordings, other files with pods, or --runs');
      }
      const { runDiff } = await import('./rules/diff/run-diff.ts');
      const request = { older, newer, paths, limit, output, exitCode };
      await runDiff(runs === undefined ? request : { ...request, runs: filter }, openTerminal());
    });
}

const diffHelp = `
Compares tags, team, severity, incident, excuse, and rules that fail. Every state in a recording is judged at its own
time, pods in other files as of now. Of a run it takes the changes that could not be classified and the last state that could.
Verdicts are made as a run makes them: from the pod alone, without Events and nodes. Each way to differ is printed once
(at most 1000). JSON output is one object for each way to differ, with the total on stderr.
Exit codes: 0 compared, 1 it failed or (with --exit-code) something differs, 2 bad input (the rest is compared all the same).
Example: podkeeper rules diff classification-rules.yaml new-rules.yaml recordings/ --runs --cause OOMKilled`;

/** The filters of "runs list", of pod runs. */
function addRunOptions(command: Command): Command {
  return command
    .option('-n, --namespace <name>', 'runs of pods of this namespace')
    .option('--pod <name>', 'runs of pods with this name')
    .option('--owner <kind/name>', 'runs of pods of this owner, such as ReplicaSet/web-5d4f')
    .option('--node <name>', 'runs of pods on this node')
    .option('--cause <cause>', 'runs of pods whose last incident had this primary cause, such as OOMKilled')
    .option('--severity <severity>', 'critical, high, medium, low or info')
    .option('--state <state>', 'health of the pod, such as Degraded, or classification-failed')
    .option('--tag <tag>', 'runs whose last tags hold this one, such as incident')
    .option('--status <status>', 'status of the run itself: running, completed, failed …')
    .option('--cluster <name>', 'runs of this cluster only')
    .option('--query <condition>', "a further condition in Temporal's query language")
    .option('--limit <number>', 'at most this many runs, newest first', wholeNumber({ min: 1, max: 100_000 }), 1000);
}

function outputOption(): Option {
  return new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table');
}
