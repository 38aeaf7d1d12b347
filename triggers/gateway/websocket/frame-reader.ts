/** What a stretch of a WebSocket's bytes held. */
export interface FramesSeen {
  /** Frames of data whose header was in it; pings, pongs and closes are none. */
  readonly dataFrames: number;
  /** Why the stream can't be gone on with; the close code says so too. */
  readonly fault?: { readonly code: 1002 | 1009; readonly message: string };
}

export interface FrameReader {
  /** Takes the next bytes of one direction; they may begin and end anywhere. */
  take(chunk: Uint8Array): FramesSeen;
  /** True between two frames: only here can a frame of ours be put in. */
  readonly atBoundary: boolean;
}

const opcodes = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, pong: 0xa } as const;
const maxControlBytes = 125;

/**
 * Follows the frames of one direction of a WebSocket by their headers alone; payloads are passed on unread and unmasked by
 * nobody. Finds where frames end, whether data flows, and messages that are too long.
 * https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export function createFrameReader({ maxMessageBytes }: { readonly maxMessageBytes: number }): FrameReader {
  /** Bytes of the header so far, at most 14. */
  let header: number[] = [];
  let payloadLeft = 0;
  let messageBytes = 0;
  let fault: FramesSeen['fault'];

  /** The length of the header once enough of it is there to know it. */
  const headerLength = (): number => {
    const [, second] = header;
    if (second === undefined) return 2;
    const length = second & 0x7f;
    return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + ((second & 0x80) === 0 ? 0 : 4);
  };

  const payloadLength = (): number => {
    const length = (header[1] ?? 0) & 0x7f;
    if (length < 126) return length;
    return header.slice(2, length === 126 ? 4 : 10).reduce((sum, byte) => sum * 256 + byte, 0);
  };

  /** Takes in a whole header; true when it is of a frame of data. */
  const begin = (): boolean => {
    const first = header[0] ?? 0;
    const opcode = first & 0x0f;
    const final = (first & 0x80) !== 0;
    payloadLeft = payloadLength();
    header = [];
    if (opcode >= opcodes.close) {
      if (opcode > opcodes.pong) fault = { code: 1002, message: `frame of unknown opcode ${opcode}` };
      else if (!final || payloadLeft > maxControlBytes)
        fault = { code: 1002, message: 'control frame that is too long or in parts' };
      return false;
    }
    if (opcode > opcodes.binary) {
      fault = { code: 1002, message: `frame of unknown opcode ${opcode}` };
      return false;
    }
    messageBytes = (opcode === opcodes.continuation ? messageBytes : 0) + payloadLeft;
    if (messageBytes > maxMessageBytes)
      fault = { code: 1009, message: `message of more than ${maxMessageBytes} bytes` };
    if (final) messageBytes = 0;
    return true;
  };

  return {
    take(chunk) {
      let dataFrames = 0;
      let at = 0;
      while (at < chunk.length && fault === undefined) {
        if (payloadLeft > 0) {
          const skipped = Math.min(payloadLeft, chunk.length - at);
          payloadLeft -= skipped;
          at += skipped;
          continue;
        }
        header.push(chunk[at] ?? 0);
        at += 1;
        if (header.length >= 2 && header.length === headerLength() && begin()) dataFrames += 1;
      }
      return fault === undefined ? { dataFrames } : { dataFrames, fault };
    },
    get atBoundary() {
      return header.length === 0 && payloadLeft === 0;
    },
  };
}

/** A close frame as a server sends it: unmasked, with its code and a short reason. */
export function closeFrame(code: number, reason: string): Buffer {
  const text = Buffer.from(reason).subarray(0, maxControlBytes - 2);
  const frame = Buffer.alloc(4 + text.length);
  frame.writeUInt8(0x88, 0);
  frame.writeUInt8(2 + text.length, 1);
  frame.writeUInt16BE(code, 2);
  text.copy(frame, 4);
  return frame;
}
