import { stripVTControlCharacters } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '../duration.ts';
import { printable, type TextOutput } from '../output.ts';
import { createProgressLine } from '../replay/progress-line.ts';
import { readInput } from './exec/read-input.ts';
import type { GatewayAnswer, GatewayClient, GatewayRequest } from './gateway/gateway-client.ts';
import { exitCodes, GatewayError } from './gateway/gateway-error.ts';
import { type GatewayOptions, withGateway } from './gateway/open-gateway.ts';
import { type CommandContext, sessionPath } from './session-path.ts';

export interface ExecOptions extends GatewayOptions {
  readonly id: string;
  /** JSON, `@<file>` or `-`. */
  readonly input: string;
  readonly class?: string;
  /** Seconds to ask again for while the pod starts. */
  readonly wait: number;
  readonly output: 'text' | 'json';
}

/** Sends JSON to a session's pod and prints its answer; how it came about goes to standard error. */
export async function execInSession(options: ExecOptions, { terminal, env }: CommandContext): Promise<void> {
  await withGateway({ options, env, terminal }, async (gateway) => {
    const { id, output } = options;
    const request: GatewayRequest = {
      method: 'POST',
      path: `${sessionPath(id)}/execute`,
      body: await readInput(options.input, terminal.stdin),
      headers: options.class === undefined ? {} : { 'x-podkeeper-class': options.class },
    };
    const startedAt = performance.now();
    const seconds = () => (performance.now() - startedAt) / 1000;
    const answer = await withProgress({ output: terminal.stderr, seconds }, () =>
      sendUntilReady(gateway, request, options.wait - seconds()),
    );
    const headerSeconds = seconds();
    const start = headerOf(answer, 'x-podkeeper-start');
    if (output === 'json') {
      const text = await answer.text();
      const seen = { session: id, status: answer.status, start: start || null, seconds: seconds() };
      terminal.stdout.write(`${JSON.stringify({ ...seen, body: bodyOf(text) })}\n`);
    } else {
      await printBody(answer, terminal.stdout);
    }
    const how = startWords[start] ?? 'answered';
    const text = `Session ${id}: ${how}; ${answer.status} after ${formatDuration(headerSeconds)}.`;
    terminal.stderr.write(`${printable(text)}\n`);
    if (answer.status >= 400) terminal.setExitCode(exitCodes.failed);
  });
}

const startWords: Readonly<Record<string, string>> = {
  existing: 'its pod was there',
  cold: 'a pod was made for it',
  healed: 'its pod had died, another one took its place',
};

/** Nothing was sent to a pod with these, so asking again does nothing twice; and they pass by themselves. */
const passing: ReadonlySet<string> = new Set(['starting', 'admission_rebuilding', 'shutting_down']);

async function sendUntilReady(
  gateway: GatewayClient,
  request: GatewayRequest,
  leftSeconds: number,
): Promise<GatewayAnswer> {
  const deadline = performance.now() + leftSeconds * 1000;
  for (;;) {
    try {
      return await gateway.send(request);
    } catch (error) {
      if (!(error instanceof GatewayError) || !passing.has(error.code)) throw error;
      const waitMs = (error.retryAfterSeconds ?? 2) * 1000;
      if (performance.now() + waitMs > deadline) throw error;
      await sleep(waitMs);
    }
  }
}

const quietSeconds = 2;

/** On a terminal, says after two seconds that something is under way, and for how long. */
async function withProgress<T>(
  { output, seconds }: { readonly output: TextOutput; readonly seconds: () => number },
  work: () => Promise<T>,
): Promise<T> {
  if (output.isTTY !== true) return await work();
  const line = createProgressLine(output);
  const timer = setInterval(() => {
    if (seconds() >= quietSeconds) line.show(`Waiting for the session's pod: ${Math.round(seconds())} s`);
  }, 500);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    line.end();
  }
}

/** As it comes; a pod's answer must not steer a terminal. */
async function printBody({ body }: GatewayAnswer, stdout: TextOutput): Promise<void> {
  const decoder = new TextDecoder();
  let last = '\n';
  const write = (text: string): void => {
    if (text === '') return;
    stdout.write(stdout.isTTY === true ? harmless(text) : text);
    last = text;
  };
  for await (const chunk of body) write(decoder.decode(chunk, { stream: true }));
  write(decoder.decode());
  if (!last.endsWith('\n')) stdout.write('\n');
}

function harmless(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\n\t]/gu, '');
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A pod may answer what it likes: then it is a text.
    return text;
  }
}

function headerOf({ headers }: GatewayAnswer, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}
