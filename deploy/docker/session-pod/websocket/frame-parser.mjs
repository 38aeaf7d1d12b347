/** A frame that ends the connection: `code` is the one of its close frame. */
export class FrameError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * Cuts a client's bytes into unmasked frames `{final, opcode, payload}`. Throws FrameError for what a client must not
 * send, before the payload is read. https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export function createFrameParser({ maxPayloadBytes }) {
  let chunks = [];
  let size = 0;
  // So many bytes are needed before another look is of use; a long payload is not copied for each chunk.
  let needed = 2;

  function* push(chunk) {
    chunks.push(chunk);
    size += chunk.length;
    while (size >= needed) {
      const bytes = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size);
      chunks = [bytes];
      const { length, frame } = readFrame(bytes, maxPayloadBytes);
      if (frame === null) {
        needed = length;
        continue;
      }
      chunks = [bytes.subarray(length)];
      size -= length;
      needed = 2;
      yield frame;
    }
  }

  return { push };
}

/** The first frame and its length with its header; without a frame, how many bytes are needed to go on. */
function readFrame(bytes, maxPayloadBytes) {
  const { final, opcode, shortLength } = readStart(bytes);
  const lengthBytes = { 126: 2, 127: 8 }[shortLength] ?? 0;
  const headerBytes = 2 + lengthBytes + 4;
  if (bytes.length < headerBytes) return { length: headerBytes, frame: null };
  const payloadBytes = readLength(bytes, shortLength);
  if (payloadBytes > maxPayloadBytes) throw new FrameError(1009, `A message is at most ${maxPayloadBytes} bytes.`);
  const length = headerBytes + payloadBytes;
  if (bytes.length < length) return { length, frame: null };
  const mask = bytes.subarray(headerBytes - 4, headerBytes);
  return { length, frame: { final, opcode, payload: unmask(bytes.subarray(headerBytes, length), mask) } };
}

function readStart(bytes) {
  const [first, second] = bytes;
  const final = (first & 0x80) !== 0;
  const opcode = first & 0x0f;
  const shortLength = second & 0x7f;
  if ((first & 0x70) !== 0) throw new FrameError(1002, 'A reserved bit is set.');
  if ((second & 0x80) === 0) throw new FrameError(1002, 'A frame of a client must be masked.');
  if (![0, 1, 2, 8, 9, 10].includes(opcode)) throw new FrameError(1002, `The opcode ${opcode} is unknown.`);
  if (opcode >= 8 && (!final || shortLength > 125)) {
    throw new FrameError(1002, 'A control frame is one piece of at most 125 bytes.');
  }
  return { final, opcode, shortLength };
}

function readLength(bytes, shortLength) {
  if (shortLength < 126) return shortLength;
  if (shortLength === 126) return bytes.readUInt16BE(2);
  // What is above 2^53 is too long in any case.
  return Number(bytes.readBigUInt64BE(2));
}

function unmask(payload, mask) {
  const plain = Buffer.allocUnsafe(payload.length);
  for (let index = 0; index < payload.length; index += 1) plain[index] = payload[index] ^ mask[index & 3];
  return plain;
}
