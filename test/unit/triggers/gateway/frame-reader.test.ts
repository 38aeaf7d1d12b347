import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { closeFrame, createFrameReader } from '../../../../triggers/gateway/websocket/frame-reader.ts';
import { check, propertySeed } from '../../../helpers/properties.ts';

interface Frame {
  readonly opcode: number;
  readonly final: boolean;
  readonly masked: boolean;
  readonly length: number;
}

/** Written by the RFC, not by the reader. */
function frameBytes({ opcode, final, masked, length }: Frame): Buffer {
  const head = [(final ? 0x80 : 0) | opcode];
  const mask = masked ? 0x80 : 0;
  const extended = Buffer.alloc(length < 126 ? 0 : length < 65_536 ? 2 : 8);
  if (extended.length === 2) extended.writeUInt16BE(length);
  if (extended.length === 8) extended.writeBigUInt64BE(BigInt(length));
  head.push(mask | (extended.length === 0 ? length : extended.length === 2 ? 126 : 127));
  return Buffer.concat([Buffer.from(head), extended, Buffer.alloc(masked ? 4 : 0, 7), Buffer.alloc(length, 0xff)]);
}

const limit = { maxMessageBytes: 1_000_000 };
const text = (length: number, parts: Partial<Frame> = {}) =>
  frameBytes({ opcode: 1, final: true, masked: true, length, ...parts });
const take = (...chunks: readonly Uint8Array[]) => {
  const reader = createFrameReader(limit);
  let dataFrames = 0;
  for (const chunk of chunks) {
    const seen = reader.take(chunk);
    dataFrames += seen.dataFrames;
    if (seen.fault !== undefined) return { dataFrames, fault: seen.fault };
  }
  return { dataFrames, atBoundary: reader.atBoundary };
};

const dataFrame = fc.record({
  opcode: fc.constantFrom(1, 2),
  final: fc.constant(true),
  masked: fc.boolean(),
  length: fc.oneof(fc.nat(200), fc.constantFrom(125, 126, 127, 65_535, 65_536, 70_000)),
});
const controlFrame = fc.record({
  opcode: fc.constantFrom(8, 9, 10),
  final: fc.constant(true),
  masked: fc.boolean(),
  length: fc.nat(125),
});

describe(`the frames of a WebSocket (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('are found whatever pieces they come in', () => {
    const frames = fc.array(fc.oneof(dataFrame, controlFrame), { maxLength: 6 });
    check(fc.tuple(frames, fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1 })), ([sent, sizes]) => {
      const bytes = Buffer.concat(sent.map(frameBytes));
      const chunks: Buffer[] = [];
      for (let at = 0, index = 0; at < bytes.length; index += 1) {
        const size = sizes[index % sizes.length]!;
        chunks.push(bytes.subarray(at, at + size));
        at += size;
      }
      const dataFrames = sent.filter(({ opcode }) => opcode <= 2).length;
      expect(take(...chunks)).toEqual({ dataFrames, atBoundary: true });
    });
  });

  it('have a boundary after each one and nowhere else', () => {
    const bytes = text(300);
    const reader = createFrameReader(limit);
    for (const [index, byte] of bytes.entries()) {
      expect(reader.atBoundary).toBe(index === 0);
      reader.take(Uint8Array.of(byte));
    }
    expect(reader.atBoundary).toBe(true);
  });

  it('never make it throw, whatever bytes they are', () => {
    check(fc.array(fc.uint8Array({ maxLength: 40 })), (chunks) => {
      expect(take(...chunks).dataFrames).toBeGreaterThanOrEqual(0);
    });
  });
});

describe('a WebSocket', () => {
  it('may send one message in parts, with pings between them', () => {
    const parts = [
      text(400_000, { final: false }),
      frameBytes({ opcode: 9, final: true, masked: true, length: 3 }),
      text(400_000, { opcode: 0, final: true }),
      text(900_000),
    ];
    expect(take(...parts)).toEqual({ dataFrames: 3, atBoundary: true });
  });

  it('is cut when a message gets too long, at the header that says so, in one frame or in parts', () => {
    expect(take(text(1_000_001).subarray(0, 14))).toMatchObject({ fault: { code: 1009 } });
    const parts = [text(600_000, { final: false }), text(600_000, { opcode: 0, final: false }).subarray(0, 14)];
    expect(take(...parts)).toMatchObject({ fault: { code: 1009 } });
  });

  it('is cut when a length is beyond everything', () => {
    const huge = Buffer.from([0x82, 0x7f, ...Array.from({ length: 8 }, () => 0xff)]);
    expect(take(huge)).toMatchObject({ fault: { code: 1009 } });
  });

  it.each([
    ['an opcode nobody knows', Buffer.from([0x83, 0])],
    ['a control opcode nobody knows', Buffer.from([0x8b, 0])],
    ['a ping in parts', Buffer.from([0x09, 0])],
    ['a ping that is too long', Buffer.from([0x89, 126, 0, 126])],
  ])('is cut for %s', (_what, bytes) => {
    expect(take(bytes)).toMatchObject({ fault: { code: 1002 } });
  });

  it('is told why it ends', () => {
    const frame = closeFrame(1001, 'draining');
    expect(take(frame)).toEqual({ dataFrames: 0, atBoundary: true });
    expect([frame.readUInt16BE(2), frame.subarray(4).toString()]).toEqual([1001, 'draining']);
    expect(take(closeFrame(1001, 'x'.repeat(500)))).toEqual({ dataFrames: 0, atBoundary: true });
  });
});
