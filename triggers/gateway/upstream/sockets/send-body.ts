import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';

export interface SendBodyOptions {
  readonly socket: Socket;
  readonly body: Readable;
  readonly isChunked: boolean;
  /** The pod takes no more for now, or takes more again. */
  readonly onHeld: (isHeld: boolean) => void;
  readonly onSent: () => void;
  readonly onError: (error: Error) => void;
}

/** Writes a body that comes as a stream, no faster than the pod takes it. Answers what stops that. */
export function sendBody({ socket, body, isChunked, onHeld, onSent, onError }: SendBodyOptions): () => void {
  const onData = (chunk: Buffer): void => {
    if (isChunked) {
      socket.cork();
      socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
      socket.write(chunk);
      socket.write('\r\n', 'latin1');
      socket.uncork();
    } else {
      socket.write(chunk);
    }
    if (!socket.writableNeedDrain) return;
    body.pause();
    onHeld(true);
  };
  const onDrain = (): void => {
    onHeld(false);
    body.resume();
  };
  const onEnd = (): void => {
    stop();
    if (isChunked) socket.write('0\r\n\r\n', 'latin1');
    onSent();
  };
  const onClose = (): void => {
    if (!body.readableEnded) onFailed(new Error('the body ended too soon'));
  };
  const onFailed = (error: Error): void => {
    stop();
    onError(error);
  };
  const stop = (): void => {
    socket.off('drain', onDrain);
    body.off('data', onData).off('end', onEnd).off('error', onFailed).off('close', onClose);
    // An error of it that comes later is nobody's any more, and must not end the process.
    body.on('error', () => undefined);
  };
  socket.on('drain', onDrain);
  body.on('end', onEnd).on('error', onFailed).on('close', onClose).on('data', onData);
  return stop;
}
