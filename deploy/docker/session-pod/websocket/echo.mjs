import { createFrameParser, FrameError } from './frame-parser.mjs';
import { checkText, createMessages } from './messages.mjs';
import { closeFrame, opcodes, writeFrame } from './write-frame.mjs';

const maxMessageBytes = 16 * 1024 * 1024;
/** How long the other side may take to answer a close frame. */
const closeSeconds = 2;

/**
 * Sends every message back on an upgraded socket. `close` ends it from our side; the answer is the closing of the socket.
 * `closed` is called once with the close code and the bytes that were sent.
 */
export function echoMessages(socket, { head, closed }) {
  const parser = createFrameParser({ maxPayloadBytes: maxMessageBytes });
  const messages = createMessages({ maxMessageBytes });
  let closing = false;
  let closeCode = 1006;
  const sentBefore = socket.bytesWritten;

  socket.on('data', take);
  socket.on('drain', () => socket.resume());
  // The other side went away: `close` follows and is logged.
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.end());
  socket.once('close', () => closed(closeCode, socket.bytesWritten - sentBefore));
  if (head.length > 0) take(head);

  function take(bytes) {
    try {
      for (const frame of parser.push(bytes)) answer(frame);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      finish(error.code, error.message);
    }
  }

  function answer(frame) {
    if (frame.opcode === opcodes.close) return takeClose(frame.payload);
    // After our close frame nothing more may be sent.
    if (closing || frame.opcode === opcodes.pong) return undefined;
    if (frame.opcode === opcodes.ping) return write(writeFrame(opcodes.pong, frame.payload));
    const message = messages.add(frame);
    return message === null ? undefined : write(writeFrame(message.opcode, message.payload));
  }

  function write(bytes) {
    if (!socket.write(bytes)) socket.pause();
  }

  function takeClose(payload) {
    if (closing) return socket.end();
    const code = readCloseCode(payload);
    return finish(code ?? 1000, '', code ?? 1005);
  }

  /** The last frame, and the end of the connection from our side. */
  function finish(code, reason, logged = code) {
    if (closing) return;
    closing = true;
    closeCode = logged;
    // What comes now is of no interest, but it must be read, or the other side could not read our frame (reset).
    socket.off('data', take);
    socket.resume();
    socket.end(closeFrame(code, reason));
    endLater();
  }

  function endLater() {
    setTimeout(() => socket.destroy(), closeSeconds * 1000).unref();
  }

  function close(code) {
    if (closing) return;
    closing = true;
    closeCode = code;
    socket.write(closeFrame(code));
    endLater();
  }

  return { close };
}

/** https://www.rfc-editor.org/rfc/rfc6455#section-7.4 */
function readCloseCode(payload) {
  if (payload.length === 0) return null;
  if (payload.length === 1) throw new FrameError(1002, 'A close code has two bytes.');
  const code = payload.readUInt16BE(0);
  const mayBeSent =
    (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code < 5000);
  if (!mayBeSent) throw new FrameError(1002, `The close code ${code} may not be sent.`);
  checkText(payload.subarray(2));
  return code;
}
