import type { IncomingMessage } from 'node:http';
import type { SessionStatus } from '../../../workflows/session.messages.ts';
import { Problem } from '../../http/problems/problem.ts';
import type { Caller } from '../session/caller.ts';
import type { RouteTable } from '../routes/route-table.ts';
import type { SessionTarget } from '../session/session-target.ts';
import type { SessionRuns } from '../starts/session-runs.ts';
import type { GatewayAddress } from './read-address.ts';
import { readJsonBody } from './read-json-body.ts';
import { deleteQuery, extendBody, listQuery, noQuery, readQuery, readValue } from './read-query.ts';
import type { SessionTargets } from './session-targets.ts';

/** What the gateway answers itself. */
export interface ApiAnswer {
  readonly status: number;
  /** Sent as JSON; left out, there is no body. */
  readonly body?: unknown;
}

type ApiAddress = Exclude<GatewayAddress, { readonly kind: 'execute' | 'proxy' | 'health' }>;

export interface ApiRequest {
  readonly address: ApiAddress;
  readonly request: IncomingMessage;
  readonly caller: Caller;
}

export interface SessionApiDependencies {
  readonly runs: Pick<SessionRuns, 'terminate' | 'extend' | 'status' | 'list'>;
  readonly targets: SessionTargets;
  readonly routes: Pick<RouteTable, 'find'>;
}

/**
 * What is asked of sessions, not of their pods; none of it counts as activity. A session of another owner has another key,
 * so for everybody else it is asked for, and not found, in the same way as one that never was.
 */
export function createSessionApi({ runs, targets, routes }: SessionApiDependencies) {
  const status = async (key: string): Promise<ApiAnswer> => {
    const found = await runs.status(key);
    if (found === null) throw absent();
    return { status: 200, body: statusBody(found) };
  };
  const end = async (key: string, url: string, target?: SessionTarget): Promise<ApiAnswer> => {
    const { force } = readQuery(url, deleteQuery);
    const { existed, gone, phase } = await runs.terminate(key, { force, ...(target !== undefined && { target }) });
    if (!existed) throw absent();
    return gone ? { status: 204 } : { status: 202, body: { state: phase } };
  };
  const extend = async (key: string, request: IncomingMessage): Promise<ApiAnswer> => {
    readQuery(request.url ?? '', noQuery);
    const { seconds } = readValue('body', await readJsonBody(request), extendBody);
    return { status: 200, body: await runs.extend(key, seconds) };
  };
  const list = async (caller: Caller, url: string): Promise<ApiAnswer> => {
    const { all, limit, cursor } = readQuery(url, listQuery);
    if (all && !caller.admin) {
      throw new Problem('forbidden', { detail: 'all=true needs the scope sessions:admin.' });
    }
    const of = all ? {} : { ownerHash: targets.ownerHashOf(caller) };
    return { status: 200, body: await runs.list({ ...of, limit, ...(cursor !== undefined && { cursor }) }) };
  };

  return async ({ address, request, caller }: ApiRequest): Promise<ApiAnswer> => {
    const { method, url = '' } = request;
    if (address.kind === 'sessions') return await list(caller, url);
    if (address.kind === 'session-by-key') {
      if (!caller.admin) throw new Problem('not_found');
      return method === 'DELETE' ? await end(address.key, url) : await status(address.key);
    }
    const key = targets.keyOf(caller, address.sessionId);
    if (address.kind === 'session') {
      // A pod without a run (somebody terminated it in the Temporal UI) is there all the same.
      const target = routes.find(key) === undefined ? undefined : targets.endedTargetOf(caller, address.sessionId);
      return await end(key, url, target);
    }
    return address.kind === 'extend' ? await extend(key, request) : await status(key);
  };
}

function absent(): Problem {
  return new Problem('not_found', { detail: 'There is no such session.' });
}

/** The same words everywhere: what is `phase` inside is `state` for clients, here as in lists. */
function statusBody({ phase, drain, ...rest }: SessionStatus): object {
  return { state: phase, ending: drain, ...rest };
}
