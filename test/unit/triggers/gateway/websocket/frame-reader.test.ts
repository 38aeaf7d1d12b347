import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { closeFrame } from '../../../../../triggers/gateway/websocket/frames/close-frame.ts';
import { createFrameReader } from '../../../../../triggers/gateway/websocket/frames/frame-reader.ts';
import { check, propertySeed } from '../../../../helpers/properties.ts';
import { clientFrame, type Frame, frameBytes, inPieces, pieceSizes } from './frames.ts';

const limit = { maxMessageBytes: 1_000_000, masked: true, extensions: false };
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

describe(`the frames of a WebSocket (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('are found whatever pieces they come in', () => {
    check(fc.tuple(fc.array(clientFrame, { maxLength: 6 }), pieceSizes), ([sent, sizes]) => {
      const dataFrames = sent.filter(({ opcode }) => opcode <= 2).length;
      const bytes = Buffer.concat(sent.map(frameBytes));
      expect(take(...inPieces(bytes, sizes))).toEqual({ dataFrames, atBoundary: true });
    });
  });

  it('are passed on byte for byte, a header never in two parts', () => {
    check(fc.tuple(fc.array(clientFrame, { maxLength: 6 }), pieceSizes), ([sent, sizes]) => {
      const reader = createFrameReader(limit);
      const bytes = Buffer.concat(sent.map(frameBytes));
      const passed = inPieces(bytes, sizes).flatMap((piece) => {
        const { unfinished } = reader;
        const { passable } = reader.take(piece);
        return passable === 0 ? [] : [unfinished, piece.subarray(0, passable)];
      });
      expect(Buffer.concat(passed).equals(bytes)).toBe(true);
      expect(reader.unfinished).toHaveLength(0);
    });
  });

  it('have a boundary after each one, and before the header of the next is whole', () => {
    const bytes = Buffer.concat([text(300), text(0)]);
    const headerBytes = 8;
    const reader = createFrameReader(limit);
    for (const [index, byte] of bytes.entries()) {
      expect(reader.atBoundary).toBe(index < headerBytes || index >= headerBytes + 300);
      const { firstEnd } = reader.take(Uint8Array.of(byte));
      expect(firstEnd).toBe(index === headerBytes + 299 || index === bytes.length - 1 ? 1 : undefined);
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
    const huge = Buffer.from([0x82, 0xff, ...Array.from({ length: 8 + 4 }, () => 0xff)]);
    expect(take(huge)).toMatchObject({ fault: { code: 1009 } });
  });

  it.each([
    ['an opcode nobody knows', frameBytes({ opcode: 3, final: true, masked: true, length: 0 })],
    ['a control opcode nobody knows', frameBytes({ opcode: 11, final: true, masked: true, length: 0 })],
    ['a ping in parts', frameBytes({ opcode: 9, final: false, masked: true, length: 0 })],
    ['a ping that is too long', frameBytes({ opcode: 9, final: true, masked: true, length: 126 })],
    ['a frame of a client without a mask', frameBytes({ opcode: 1, final: true, masked: false, length: 1 })],
    ['a reserved bit that no extension explains', Buffer.from([0xc1, 0x80, 1, 2, 3, 4])],
    ['a part of a message that was not begun', text(1, { opcode: 0 })],
    ['a message inside of another', Buffer.concat([text(1, { final: false }), text(1)])],
  ])('is cut for %s, and nothing of that frame is passed on', (_what, bytes) => {
    const before = text(5);
    const reader = createFrameReader(limit);
    const seen = reader.take(Buffer.concat([before, bytes]));
    expect(seen.fault).toMatchObject({ code: 1002 });
    expect([before.length, before.length + text(1).length]).toContain(seen.passable);
    expect(reader.atBoundary).toBe(true);
  });

  it('may use reserved bits once an extension was agreed on', () => {
    const reader = createFrameReader({ ...limit, extensions: true });
    expect(reader.take(Buffer.from([0xc1, 0x80, 1, 2, 3, 4])).fault).toBeUndefined();
  });

  it('has nothing to say after its close frame', () => {
    const reader = createFrameReader(limit);
    const close = closeFrame({ code: 1000, reason: 'bye', masked: true });
    expect(reader.take(close.subarray(0, 7))).toMatchObject({ passable: 7, firstEnd: undefined });
    expect(reader.close).toBe('begun');
    expect(reader.take(Buffer.concat([close.subarray(7), text(9)]))).toEqual({
      dataFrames: 0,
      passable: close.length - 7,
      firstEnd: close.length - 7,
      fault: undefined,
    });
    expect(reader.close).toBe('over');
  });
});

describe('a close frame', () => {
  it('has the code and a reason, cut where it gets too long', () => {
    const frame = closeFrame({ code: 1001, reason: 'draining', masked: false });
    expect([frame.readUInt16BE(0), frame.readUInt16BE(2), frame.subarray(4).toString()]).toEqual([
      0x880a,
      1001,
      'draining',
    ]);
    expect(closeFrame({ code: 1001, reason: 'x'.repeat(500), masked: false })).toHaveLength(127);
  });

  it('is masked for a server', () => {
    const frame = closeFrame({ code: 1001, reason: 'x', masked: true });
    const mask = frame.subarray(2, 6);
    const payload = frame.subarray(6).map((byte, index) => byte ^ mask[index % 4]!);
    expect([frame[1], [...payload]]).toEqual([0x83, [3, 0xe9, 'x'.charCodeAt(0)]]);
  });
});
