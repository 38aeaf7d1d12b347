import { addClassifyCommand } from '../../cli/classify.ts';
import { type CommandInput, type CommandResult, runCommand } from './run-command.ts';

/** Runs `podkeeper classify` in this process, at `podNow`. */
export function classify(args: readonly string[], input?: CommandInput): Promise<CommandResult> {
  return runCommand(addClassifyCommand, ['classify', ...args], input);
}
