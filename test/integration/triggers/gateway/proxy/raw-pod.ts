import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach } from '@jest/globals';
import { claimText } from '../../../../../domain/sessions/handshake/handshake-texts.ts';
import { mac } from '../../../../../platform/sessions/signing-keys.ts';
import type { Route } from '../../../../../triggers/gateway/routes/route-table.ts';
import { routeTo, signingKeys } from './proxy-rig.ts';

export interface RawPodOptions {
  /** Called with what came after the proof, as often as something comes; `count` is of requests on this socket, from 1. */
  readonly serve: (socket: Socket, text: string, count: number) => void;
  readonly host?: string;
  /** Instead of the right proof. */
  readonly prove?: (socket: Socket, question: string) => void;
}

export interface RawPod {
  readonly port: number;
  readonly sockets: readonly Socket[];
  /** All that came on each socket. */
  readonly received: readonly string[];
  readonly close: () => Promise<void>;
}

/** Called once at the top of a test file: servers that do on a socket exactly what a test wants. */
export function useRawPods(): (options: RawPodOptions) => Promise<RawPod> {
  const open: RawPod[] = [];
  afterEach(async () => {
    for (const pod of open.splice(0)) await pod.close();
  });
  return async (options) => {
    const pod = await startRawPod(options);
    open.push(pod);
    return pod;
  };
}

async function startRawPod({ serve, host = '127.0.0.1', prove = answerRightly }: RawPodOptions): Promise<RawPod> {
  const sockets: Socket[] = [];
  const received: string[] = [];
  const server = createServer((socket) => {
    const index = sockets.push(socket) - 1;
    received.push('');
    let [proven, count] = [false, 0];
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => {
      const text = bytes.toString('latin1');
      received[index] = (received[index] ?? '') + text;
      if (proven) {
        count += 1;
        serve(socket, text, count);
      } else {
        proven = true;
        prove(socket, text);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    received,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function answerRightly(socket: Socket, question: string): void {
  socket.write(identityAnswer(question));
}

/** The answer of the pod of a route to the question a gateway asked. */
export function identityAnswer(question: string, route: Route = routeTo(0)): string {
  const nonce = /x-podkeeper-nonce: (\S+)/.exec(question)?.[1] ?? '';
  const claim = { podUid: route.podUid, sessionKey: route.key, incarnation: route.incarnation };
  const key = signingKeys.podKey(route.podName, 'k1') ?? '';
  return answerOf(JSON.stringify({ ...claim, mac: mac(key, claimText(nonce, claim)) }));
}

/** A 200 with a body. */
export function answerOf(body: string, headers = ''): string {
  return `HTTP/1.1 200 OK\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
