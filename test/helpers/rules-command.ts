import { addRulesCommands } from '../../cli/rules.ts';
import { type CommandInput, type CommandResult, runCommand } from './run-command.ts';

/** Runs `podkeeper rules` in this process, at `podNow`. */
export function rules(args: readonly string[], input?: CommandInput): Promise<CommandResult> {
  return runCommand(addRulesCommands, ['rules', ...args], input);
}
