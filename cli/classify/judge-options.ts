import { type Command, InvalidArgumentError } from 'commander';
import { isTime } from '../../domain/pods/snapshot/validation/checks.ts';

/** What a verdict may rest on besides the pods of a file. */
export interface JudgeOptions {
  readonly events?: string;
  readonly node?: string;
  readonly now?: Date;
}

/** The options of commands that judge pods in files. */
export function addJudgeOptions(command: Command): Command {
  return command
    .option('--events <file>', 'Events of these pods and their nodes, as further evidence')
    .option('--node <file>', 'the nodes of these pods, as further evidence')
    .option(
      '--now <time>',
      'the moment to judge by, RFC 3339 (default: now; for a recording, its own times)',
      parseNow,
    );
}

function parseNow(text: string): Date {
  if (isTime(text, 'now') !== undefined) {
    throw new InvalidArgumentError('Give an RFC 3339 time such as 2026-01-31T12:00:00Z.');
  }
  return new Date(text);
}
