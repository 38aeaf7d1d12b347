import type { Duplex } from 'node:stream';
import { closeFrame } from '../frames/close-frame.ts';
import { createFrameReader } from '../frames/frame-reader.ts';
import { createDirection, type Direction } from './direction.ts';

/** One end, right after the handshake. */
export interface TunnelEnd {
  readonly socket: Duplex;
  /** Bytes that came with its part of the handshake. */
  readonly head: Buffer;
}

export interface TunnelOptions {
  readonly client: TunnelEnd;
  readonly pod: TunnelEnd;
  readonly maxMessageBytes: number;
  /** Whether an extension was agreed on. */
  readonly extensions: boolean;
  /** How long a frame may take to end, and then a side to answer a close frame, before the connections are cut. */
  readonly closeWaitMs: number;
  /** Frames of data went by, either way. */
  readonly onData: () => void;
}

/** Why a tunnel ends: what the client is told, and what the pod. */
export interface TunnelEnding {
  readonly client: number;
  readonly pod: number;
  readonly reason: string;
}

/** A WebSocket between a client and a pod, its handshake over. */
export interface Tunnel {
  /** Tells both sides at the next frame boundary, waits for their answers, cuts what takes too long. */
  readonly end: (ending: TunnelEnding) => void;
  readonly cut: () => void;
  /** Both connections are closed. Never rejects. */
  readonly closed: Promise<void>;
}

interface Side {
  readonly socket: Duplex;
  /** What it sends. */
  readonly sends: Direction;
  /** What it gets. */
  readonly gets: Direction;
}

/** "Going away": to the one whose other end is gone, or is put out. https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
export const goingAway = 1001;

/** Carries frames both ways until one side ends it, breaks the protocol or is gone, or `end` is called. */
export function createTunnel({ client, pod, maxMessageBytes, extensions, closeWaitMs, onData }: TunnelOptions): Tunnel {
  let timer: NodeJS.Timeout | undefined;
  /** It was not the two sides who began to end it. */
  let isEnded = false;
  let steps = 0;
  const limits = { maxMessageBytes, extensions };
  const onBytes = (dataFrames: number): void => {
    if (dataFrames > 0) onData();
    settle();
  };
  const fromClient = createDirection({
    from: client.socket,
    to: pod.socket,
    reader: createFrameReader({ ...limits, masked: true }),
    onBytes,
    onFault: ({ code, message }) => end({ client: code, pod: goingAway, reason: message }),
  });
  const fromPod = createDirection({
    from: pod.socket,
    to: client.socket,
    reader: createFrameReader({ ...limits, masked: false }),
    onBytes,
    onFault: ({ code, message }) => end({ client: goingAway, pod: code, reason: message }),
  });
  const sides: readonly Side[] = [
    { socket: client.socket, sends: fromClient, gets: fromPod },
    { socket: pod.socket, sends: fromPod, gets: fromClient },
  ];

  const cut = (): void => {
    for (const { socket } of sides) socket.destroy();
  };
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(cut, closeWaitMs);
    timer.unref();
  };

  /** Ends the connections of those who have sent and got a close frame; each step of that gives the rest new time. */
  function settle(): void {
    const taken = sides.reduce((sum, { sends, gets }) => sum + Number(gets.isOver) + Number(sends.isDone), 0);
    // A side that has much to send before it answers a close frame of the other is not cut in the middle of it.
    if (taken > steps || (taken > 0 && !isEnded)) wait();
    steps = taken;
    for (const { socket, sends, gets } of sides) if (gets.isOver && sends.isDone && socket.writable) socket.end();
  }

  function end(ending: TunnelEnding): void {
    isEnded = true;
    fromPod.end(closeFrame({ code: ending.client, reason: ending.reason, masked: false }));
    fromClient.end(closeFrame({ code: ending.pod, reason: ending.reason, masked: true }));
    wait();
    settle();
  }

  /** One side's connection is over: the other is told when it is between two frames, else it is cut. */
  function gone({ socket, sends, gets }: Side): void {
    gets.stop();
    if (socket.writable) socket.end();
    if (sends.isOver) settle();
    else if (sends.atBoundary) end({ client: goingAway, pod: goingAway, reason: 'the other end is gone' });
    else cut();
  }

  const closings = sides.map(async (side) => {
    const { socket } = side;
    // `close` follows.
    socket.on('error', () => socket.destroy());
    socket.once('end', () => gone(side));
    if (!socket.closed) await new Promise<void>((resolve) => socket.once('close', () => resolve()));
    gone(side);
  });
  const closed = Promise.all(closings).then(() => clearTimeout(timer));
  if (client.head.length > 0) fromClient.take(client.head);
  if (pod.head.length > 0) fromPod.take(pod.head);
  return { end, cut, closed };
}
