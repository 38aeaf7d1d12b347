import fc from 'fast-check';

export interface Frame {
  readonly opcode: number;
  readonly final: boolean;
  readonly masked: boolean;
  readonly length: number;
}

/** Written by the RFC, not by the reader. Masked with 7, 7, 7, 7. */
export function frameBytes({ opcode, final, masked, length }: Frame): Buffer {
  const head = [(final ? 0x80 : 0) | opcode];
  const mask = masked ? 0x80 : 0;
  const extended = Buffer.alloc(length < 126 ? 0 : length < 65_536 ? 2 : 8);
  if (extended.length === 2) extended.writeUInt16BE(length);
  if (extended.length === 8) extended.writeBigUInt64BE(BigInt(length));
  head.push(mask | (extended.length === 0 ? length : extended.length === 2 ? 126 : 127));
  return Buffer.concat([Buffer.from(head), extended, Buffer.alloc(masked ? 4 : 0, 7), Buffer.alloc(length, 0xff)]);
}

const length = fc.oneof(fc.nat(200), fc.constantFrom(125, 126, 127, 65_535, 65_536, 70_000));
/** Whole messages and pings of a client. */
export const clientFrame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ opcode: fc.constantFrom(1, 2), final: fc.constant(true), masked: fc.constant(true), length }),
  fc.record({
    opcode: fc.constantFrom(9, 10),
    final: fc.constant(true),
    masked: fc.constant(true),
    length: fc.nat(125),
  }),
);
/** How long the pieces are in which bytes come; again from the first one after the last. */
export const pieceSizes = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1 });

export function inPieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, index = 0; at < bytes.length; index += 1) {
    const size = sizes[index % sizes.length]!;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
