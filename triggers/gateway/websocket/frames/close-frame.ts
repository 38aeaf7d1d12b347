import { randomBytes } from 'node:crypto';
import { maxControlBytes, opcodes } from './opcodes.ts';

export interface CloseFrame {
  readonly code: number;
  /** Cut after 123 bytes. */
  readonly reason: string;
  /** Frames to a server must be masked, frames to a client must not. */
  readonly masked: boolean;
}

/** The bytes of a close frame. https://www.rfc-editor.org/rfc/rfc6455#section-5.5.1 */
export function closeFrame({ code, reason, masked }: CloseFrame): Buffer {
  const text = Buffer.from(reason).subarray(0, maxControlBytes - 2);
  const payload = Buffer.alloc(2 + text.length);
  payload.writeUInt16BE(code, 0);
  text.copy(payload, 2);
  const head = [0x80 | opcodes.close, (masked ? 0x80 : 0) | payload.length];
  if (!masked) return Buffer.concat([Buffer.from(head), payload]);
  const mask = randomBytes(4);
  for (const [index, byte] of payload.entries()) payload[index] = byte ^ (mask[index & 3] ?? 0);
  return Buffer.concat([Buffer.from(head), mask, payload]);
}
