import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { addSessionsCommands } from '../../../../cli/sessions.ts';
import { Problem, type ProblemOptions } from '../../../../triggers/http/problems/problem.ts';
import { problemDocument, problemMediaType } from '../../../../triggers/http/problems/problem-document.ts';
import type { FailureCode } from '../../../../domain/failures.ts';
import { type CommandInput, runCommand } from '../../../helpers/run-command.ts';

/** A request as a gateway got it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answer = (response: ServerResponse, request: SeenRequest) => void;

/** An HTTP server that answers with one answer after the other, the last one for ever. */
async function startStandIn(...answers: readonly Answer[]) {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const received = { method, url, headers, body: Buffer.concat(chunks).toString() };
      const answer = answers[Math.min(seen.length, answers.length - 1)];
      seen.push(received);
      answer?.(response, received);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    seen,
    /** Runs `podkeeper sessions …` against this server. */
    run: (args: readonly string[], input: CommandInput = {}) =>
      runSessions(args, { PODKEEPER_GATEWAY_URL: url, PODKEEPER_TOKEN: 'secret-token' }, input),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

export interface StandIns {
  readonly start: (...answers: readonly Answer[]) => ReturnType<typeof startStandIn>;
  readonly closeAll: () => Promise<void>;
}

export function createStandIns(): StandIns {
  const closers: (() => Promise<unknown>)[] = [];
  return {
    start: async (...answers) => {
      const standIn = await startStandIn(...answers);
      closers.push(standIn.close);
      return standIn;
    },
    closeAll: async () => {
      for (const close of closers.splice(0)) await close();
    },
  };
}

export function runSessions(args: readonly string[], env: Readonly<Record<string, string>>, input: CommandInput = {}) {
  return runCommand((program, open) => addSessionsCommands(program, open, env), ['sessions', ...args], input);
}

export const json =
  (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

export const noContent: Answer = (response) => response.writeHead(204).end();

/** What the gateway answers for a code, as it does. */
export const refusal =
  (code: FailureCode, options: ProblemOptions = {}): Answer =>
  (response) => {
    const problem = new Problem(code, options);
    const wait = problem.retryAfterSeconds;
    response
      .writeHead(problem.status, {
        'content-type': problemMediaType,
        ...(wait !== undefined && { 'retry-after': String(wait) }),
      })
      .end(JSON.stringify(problemDocument(problem, 'request-1')));
  };
