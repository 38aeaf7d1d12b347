import { isSessionKey } from '../../domain/sessions/identity/session-key.ts';
import { parseSessionId, sessionIdForm } from '../../domain/sessions/identity/session-id.ts';
import type { Terminal } from '../terminal.ts';
import { exitCodes, GatewayError } from './gateway/gateway-error.ts';

/** Where a command runs. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The path of a session by the id its owner gave it. Throws GatewayError when that can't be one. */
export function sessionPath(id: string): string {
  // Checked here, too: a URL would take `..` as a way to somewhere else.
  if (parseSessionId(encodeURIComponent(id)) === id) return `/api/v1/session/${id}`;
  throw new GatewayError(`"${id.slice(0, 140)}" is no session id: it has to be ${sessionIdForm}.`, {
    exitCode: exitCodes.usage,
  });
}

/** The path of any session by its key, for administrators. Throws GatewayError when that can't be one. */
function keyPath(key: string): string {
  if (isSessionKey(key)) return `/api/v1/sessions/${key}`;
  throw new GatewayError('A session key is 26 of a-z 2-7; "podkeeper sessions list --all" shows them.', {
    exitCode: exitCodes.usage,
  });
}

export interface ChosenSession {
  readonly id?: string | undefined;
  readonly key?: string;
}

/** The session that a command is about, by exactly one of id and key. Throws GatewayError. */
export function chosenSession({ id, key }: ChosenSession): {
  readonly name: string;
  readonly byId: boolean;
  readonly path: string;
} {
  if (id !== undefined && key === undefined) return { name: id, byId: true, path: sessionPath(id) };
  if (id === undefined && key !== undefined) return { name: key, byId: false, path: keyPath(key) };
  throw new GatewayError('Give either the id of a session or --key.', { exitCode: exitCodes.usage });
}
