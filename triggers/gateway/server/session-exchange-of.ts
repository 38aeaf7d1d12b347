import type { IncomingMessage } from 'node:http';
import { type SessionTargets, classHeader } from '../api/session-targets.ts';
import type { SessionExchange } from '../session/session-exchange.ts';
import { clientAddress } from './client-sockets.ts';

export interface ExchangeInput extends Omit<SessionExchange, 'target' | 'clientAddress'> {
  readonly sessionId: string;
  readonly targets: SessionTargets;
}

/** A request to a session's pod, ready to be carried there. Throws a Problem when it names a class it can't have. */
export function sessionExchange(input: ExchangeInput): SessionExchange {
  const { sessionId, targets, request, caller, path, requestId, protocol, receivedAtMs, signal } = input;
  return {
    request,
    caller,
    target: targets.targetOf(caller, sessionId, askedClass(request)),
    path,
    requestId,
    clientAddress: clientAddress(request.socket),
    protocol,
    receivedAtMs,
    signal,
  };
}

/** Node joins what is there twice; no class has a comma in its name. */
function askedClass({ headers }: IncomingMessage): string | undefined {
  const asked = headers[classHeader];
  return Array.isArray(asked) ? asked.join(', ') : asked;
}
