import { FrameError } from './frame-parser.mjs';
import { opcodes } from './write-frame.mjs';

/** Puts the frames of data together to messages `{opcode, payload}`. Throws FrameError. */
export function createMessages({ maxMessageBytes }) {
  let opcode = null;
  let parts = [];
  let size = 0;

  /** The message that ends with this frame, or null. */
  function add(frame) {
    const goesOn = frame.opcode === opcodes.continuation;
    if (goesOn && opcode === null) throw new FrameError(1002, 'Nothing has begun that could be continued.');
    if (!goesOn && opcode !== null) throw new FrameError(1002, 'A message begins inside of another.');
    opcode ??= frame.opcode;
    size += frame.payload.length;
    if (size > maxMessageBytes) throw new FrameError(1009, `A message is at most ${maxMessageBytes} bytes.`);
    parts.push(frame.payload);
    if (!frame.final) return null;
    const message = { opcode, payload: Buffer.concat(parts, size) };
    if (opcode === opcodes.text) checkText(message.payload);
    [opcode, parts, size] = [null, [], 0];
    return message;
  }

  return { add };
}

/** Throws FrameError 1007 for what isn't UTF-8. */
export function checkText(payload) {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(payload);
  } catch {
    throw new FrameError(1007, 'A text is not UTF-8.');
  }
}
