import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionClient } from '../rig/client/session-client.ts';
import { describeAnswer, describeError } from './session-load.ts';

const echoEveryMs = 500;

/** An answer and a WebSocket that are open during a fault. */
export interface OpenStreams {
  /** What each came to once both are over: the stream's events or its failure, the WebSocket's echoes and close code. */
  readonly end: () => Promise<{ readonly stream: string; readonly echoes: number; readonly socket: number }>;
  /** Whether the WebSocket is open and its pod answers. */
  readonly socketAnswers: () => Promise<boolean>;
  /** Resolves with the close code. */
  readonly socketClosed: Promise<number>;
}

/** Opens both through one gateway; returns when both have begun. `end` waits for the stream's end and closes the WebSocket then. */
export async function openStreams(
  client: SessionClient,
  input: { readonly stream: string; readonly socket: string; readonly gateway: number; readonly seconds: number },
): Promise<OpenStreams> {
  const { gateway, seconds } = input;
  const socket = await client.openSocket(input.socket, { gateway });
  let begun: () => void = () => undefined;
  const began = new Promise<void>((resolve) => (begun = resolve));
  const streaming = client
    .get(input.stream, `stream?seconds=${seconds}`, { gateway, onData: () => begun() })
    .then(
      (answer) =>
        answer.status === 200 ? `${answer.text.match(/^data: /gm)?.length ?? 0} events` : describeAnswer(answer),
      describeError,
    )
    .finally(() => begun());
  await began;
  let echoes = 0;
  const echoing = (async () => {
    while (socket.isOpen()) {
      const text = `echo ${echoes}`;
      // It rejects when the WebSocket closes, which is told by its code.
      if ((await socket.echo(text).catch(() => undefined)) === text) echoes += 1;
      await sleep(echoEveryMs);
    }
  })();
  return {
    socketClosed: socket.closed,
    socketAnswers: async () => {
      const before = echoes;
      for (let tries = 0; tries < 100 && echoes === before && socket.isOpen(); tries += 1) await sleep(100);
      return echoes > before;
    },
    end: async () => {
      const stream = await streaming;
      if (socket.isOpen()) socket.close();
      const code = await socket.closed;
      await echoing;
      return { stream, echoes, socket: code };
    },
  };
}
