import type { Readable, Writable } from 'node:stream';
import type { FrameFault, FrameReader } from '../frames/frame-reader.ts';

export interface DirectionEnds {
  readonly from: Readable;
  readonly to: Writable;
  readonly reader: FrameReader;
  /** Called after each piece of bytes was dealt with. */
  readonly onBytes: (dataFrames: number) => void;
  /** Called once: the sender broke the protocol. */
  readonly onFault: (fault: FrameFault) => void;
}

/** What one side of a WebSocket sends the other. */
export interface Direction {
  /** Takes bytes that were read before. */
  take(chunk: Buffer): void;
  /** Puts a close frame in at the next boundary and passes nothing more on, unless the sender's own is on its way. */
  end(closeFrame: Buffer): void;
  /** Passes nothing more on. */
  stop(): void;
  /** Nothing more is passed on: the receiver has got a close frame, or can't get anything. */
  readonly isOver: boolean;
  /** Nothing more is expected of the sender: it sent its close frame, or broke the protocol. */
  readonly isDone: boolean;
  /** Whether the receiver has whole frames only. */
  readonly atBoundary: boolean;
}

/**
 * Passes on what one side sends as fast as the other takes it. Once it is over, bytes are still read: so that the sender's
 * close frame is seen, and so that nothing unread turns the end of the connection into a reset.
 */
export function createDirection({ from, to, reader, onBytes, onFault }: DirectionEnds): Direction {
  let closeFrame: Buffer | undefined;
  let isOver = false;
  let isFaulty = false;

  const write = (bytes: Uint8Array): void => {
    if (bytes.length > 0 && to.writable && !to.write(bytes)) from.pause();
  };
  const finish = (last?: Buffer): void => {
    if (last !== undefined) write(last);
    isOver = true;
    from.resume();
  };
  const take = (chunk: Buffer): void => {
    if (isFaulty) return;
    const { unfinished, close } = reader;
    const { dataFrames, passable, firstEnd, fault } = reader.take(chunk);
    if (!isOver) {
      const until = closeFrame === undefined ? passable : (firstEnd ?? passable);
      if (until > 0) {
        write(unfinished);
        write(chunk.subarray(0, until));
      }
      if (closeFrame !== undefined && firstEnd !== undefined) finish(close === 'none' ? closeFrame : undefined);
      else if (reader.close === 'over') finish();
    }
    if (fault !== undefined) {
      isFaulty = true;
      onFault(fault);
    }
    onBytes(dataFrames);
  };
  from.on('data', take);
  from.resume();
  to.on('drain', () => from.resume());

  return {
    take,
    end(frame) {
      if (isOver || closeFrame !== undefined) return;
      closeFrame = frame;
      if (reader.atBoundary) finish(frame);
    },
    stop: () => finish(),
    get isOver() {
      return isOver;
    },
    get isDone() {
      return isFaulty || reader.close === 'over';
    },
    get atBoundary() {
      return reader.atBoundary;
    },
  };
}
