import { maxControlBytes, opcodes } from './opcodes.ts';

/** What a stretch of a WebSocket's bytes held. */
export interface FramesSeen {
  /** Frames of data whose header ended in it; pings, pongs and closes are none. */
  readonly dataFrames: number;
  /**
   * So many of the bytes may be passed on. Not among them: a header that is not whole yet (it is `unfinished`, and goes
   * before the next ones), a faulty frame, and what follows a close frame.
   */
  readonly passable: number;
  /** After how many of the bytes the first frame ended; undefined when none did. */
  readonly firstEnd: number | undefined;
  /** Why the stream can't be gone on with; the close code says so too. */
  readonly fault: FrameFault | undefined;
}

export interface FrameFault {
  readonly code: 1002 | 1009;
  readonly message: string;
}

export interface FrameReader {
  /** Takes the next bytes of one direction; they may begin and end anywhere. */
  take(chunk: Uint8Array): FramesSeen;
  /** True when whoever got all passable bytes is between two frames: only here can a frame of ours be put in. */
  readonly atBoundary: boolean;
  /** The beginning of a header, taken and not passable yet; at most 13 bytes. */
  readonly unfinished: Buffer;
  /** The sender's close frame: how far it has come. */
  readonly close: 'none' | 'begun' | 'over';
}

export interface FrameReaderOptions {
  readonly maxMessageBytes: number;
  /** Frames of clients must be masked, those of servers must not. */
  readonly masked: boolean;
  /** Whether an extension was agreed on: only then may reserved bits be set. */
  readonly extensions: boolean;
}

/**
 * Follows the frames of one direction of a WebSocket by their headers alone; payloads are passed on unread and unmasked by
 * nobody. Finds where frames end, whether data flows, and messages that are too long.
 * https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export function createFrameReader({ maxMessageBytes, masked, extensions }: FrameReaderOptions): FrameReader {
  /** Bytes of the header so far, at most 14. */
  let header: number[] = [];
  let payloadLeft = 0;
  let messageBytes = 0;
  let inMessage = false;
  let close: FrameReader['close'] = 'none';
  let fault: FrameFault | undefined;

  /** Whether the header is whole, which it says itself in its second byte. */
  const isWhole = (): boolean => {
    const [, second] = header;
    if (second === undefined) return false;
    const length = second & 0x7f;
    return header.length === 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + ((second & 0x80) === 0 ? 0 : 4);
  };

  /** Takes in a whole header; true when it is of a frame of data. */
  const begin = (): boolean => {
    const { opcode, final, payloadBytes, ...flags } = readHeader(header);
    payloadLeft = payloadBytes;
    header = [];
    const isData = opcode <= opcodes.binary;
    if (flags.reserved && !extensions) fault = protocolFault('reserved bit without an extension');
    else if (flags.masked !== masked) fault = protocolFault(masked ? 'frame without a mask' : 'frame with a mask');
    else if (!isData) fault = controlFault(opcode, final, payloadBytes);
    else if ((opcode === opcodes.continuation) !== inMessage)
      fault = protocolFault(inMessage ? 'message inside of another' : 'continuation of nothing');
    if (fault !== undefined) return false;
    if (opcode === opcodes.close) close = 'begun';
    if (!isData) return false;
    messageBytes += payloadBytes;
    if (messageBytes > maxMessageBytes)
      fault = { code: 1009, message: `message of more than ${maxMessageBytes} bytes` };
    inMessage = !final;
    if (final) messageBytes = 0;
    return fault === undefined;
  };

  const goesOn = (): boolean => fault === undefined && close !== 'over';

  return {
    take(chunk) {
      let dataFrames = 0;
      let passable = 0;
      let firstEnd: number | undefined;
      for (let at = 0; at < chunk.length && fault === undefined && close !== 'over';) {
        if (payloadLeft > 0) {
          const skipped = Math.min(payloadLeft, chunk.length - at);
          payloadLeft -= skipped;
          at += skipped;
          passable = at;
        } else {
          header.push(chunk[at] ?? 0);
          at += 1;
          if (!isWhole()) continue;
          if (begin()) dataFrames += 1;
          if (goesOn()) passable = at;
        }
        if (payloadLeft > 0 || !goesOn()) continue;
        firstEnd ??= at;
        if (close === 'begun') close = 'over';
      }
      return { dataFrames, passable, firstEnd, fault };
    },
    get atBoundary() {
      // What is behind a faulty header is never passed on, so nobody waits for it.
      return payloadLeft === 0 || fault !== undefined;
    },
    get unfinished() {
      return Buffer.from(header);
    },
    get close() {
      return close;
    },
  };
}

function readHeader(header: readonly number[]) {
  const [first = 0, second = 0] = header;
  const length = second & 0x7f;
  return {
    opcode: first & 0x0f,
    final: (first & 0x80) !== 0,
    reserved: (first & 0x70) !== 0,
    masked: (second & 0x80) !== 0,
    payloadBytes:
      length < 126 ? length : header.slice(2, length === 126 ? 4 : 10).reduce((sum, byte) => sum * 256 + byte, 0),
  };
}

function controlFault(opcode: number, final: boolean, payloadBytes: number): FrameFault | undefined {
  if (opcode < opcodes.close || opcode > opcodes.pong) return protocolFault(`frame of unknown opcode ${opcode}`);
  if (!final || payloadBytes > maxControlBytes) return protocolFault('control frame that is too long or in parts');
  return undefined;
}

function protocolFault(message: string): FrameFault {
  return { code: 1002, message };
}
