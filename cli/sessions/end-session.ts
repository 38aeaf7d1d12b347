import { printable } from '../output.ts';
import { type GatewayOptions, withGateway } from './gateway/open-gateway.ts';
import { type ChosenSession, chosenSession, type CommandContext } from './session-path.ts';

export interface EndOptions extends GatewayOptions, ChosenSession {
  readonly force?: true;
  readonly output: 'text' | 'json';
}

/** Ends a session, and says whether it is gone already. */
export async function endSession(options: EndOptions, { terminal, env }: CommandContext): Promise<void> {
  await withGateway({ options, env, terminal }, async (gateway) => {
    const { name, byId, path } = chosenSession(options);
    const force = options.force === true;
    const answer = await gateway.json({ method: 'DELETE', path: force ? `${path}?force=true` : path });
    const gone = answer === undefined;
    if (options.output === 'json') {
      terminal.stdout.write(`${JSON.stringify({ gone, ...(answer as object | undefined) })}\n`);
      return;
    }
    const { state = 'Draining' } = (answer ?? {}) as { readonly state?: string };
    const show = byId ? name : `--key ${name}`;
    const text = gone
      ? `Session ${name} has ended and its pod is gone.`
      : `Session ${name} is ending (${state})${force ? '' : '; requests in flight may finish'}. "podkeeper sessions show ${show}" tells when it is gone.`;
    terminal.stdout.write(`${printable(text)}\n`);
  });
}
