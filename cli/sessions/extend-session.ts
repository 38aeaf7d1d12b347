import { formatDuration } from '../duration.ts';
import { printable } from '../output.ts';
import { type GatewayOptions, withGateway } from './gateway/open-gateway.ts';
import { type CommandContext, sessionPath } from './session-path.ts';

export interface ExtendOptions extends GatewayOptions {
  readonly id: string;
  readonly seconds: number;
  readonly output: 'text' | 'json';
}

/** Asks to keep a session, and says until when it is kept: its longest life may be less than was asked for. */
export async function extendSession(options: ExtendOptions, { terminal, env }: CommandContext): Promise<void> {
  await withGateway({ options, env, terminal }, async (gateway) => {
    const { id, seconds, output } = options;
    const answer = await gateway.json({
      method: 'POST',
      path: `${sessionPath(id)}/extend`,
      body: JSON.stringify({ seconds }),
    });
    if (output === 'json') {
      terminal.stdout.write(`${JSON.stringify(answer)}\n`);
      return;
    }
    const { keptUntil } = answer as { readonly keptUntil: string };
    const leftSeconds = (Date.parse(keptUntil) - terminal.now().getTime()) / 1000;
    terminal.stdout.write(printable(`Session ${id} is kept until ${keptUntil} (${formatDuration(leftSeconds)}).`));
    // Clocks differ a little; less than what was asked for by more than that is the longest life.
    if (leftSeconds < seconds - 30) terminal.stdout.write(' Its longest life ends then.');
    terminal.stdout.write('\n');
  });
}
