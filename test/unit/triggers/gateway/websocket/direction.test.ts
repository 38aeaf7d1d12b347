import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { closeFrame } from '../../../../../triggers/gateway/websocket/frames/close-frame.ts';
import { createFrameReader } from '../../../../../triggers/gateway/websocket/frames/frame-reader.ts';
import { createDirection } from '../../../../../triggers/gateway/websocket/tunnel/direction.ts';
import { check, propertySeed } from '../../../../helpers/properties.ts';
import { clientFrame, frameBytes, inPieces, pieceSizes } from './frames.ts';

const ours = closeFrame({ code: 1001, reason: 'going', masked: true });

function collect() {
  const chunks: Buffer[] = [];
  const to = new Writable({
    highWaterMark: 1e9,
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  const faults: number[] = [];
  const direction = createDirection({
    from: new PassThrough(),
    to,
    reader: createFrameReader({ maxMessageBytes: 1e6, masked: true, extensions: false }),
    onBytes: () => undefined,
    onFault: ({ code }) => faults.push(code),
  });
  return { direction, faults, received: () => Buffer.concat(chunks) };
}

describe(`one direction of a tunnel (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('ends with our close frame at the first boundary, wherever it is ended', () => {
    const cases = fc.tuple(fc.array(clientFrame, { minLength: 1, maxLength: 6 }), pieceSizes, fc.nat(40));
    check(cases, ([sent, sizes, endAfter]) => {
      const { direction, received } = collect();
      const frames = sent.map(frameBytes);
      let taken = 0;
      for (const [index, piece] of inPieces(Buffer.concat(frames), sizes).entries()) {
        if (index === endAfter) {
          direction.end(ours);
          break;
        }
        direction.take(piece);
        taken += piece.length;
      }
      for (const piece of inPieces(Buffer.concat(frames).subarray(taken), sizes)) direction.take(piece);
      direction.end(ours);
      // The frames that had a whole header when it was ended, and no more.
      const candidates = frames.map((_frame, index) => Buffer.concat([...frames.slice(0, index + 1), ours]));
      const found = [ours, ...candidates].findIndex((candidate) => candidate.equals(received()));
      expect(found).toBeGreaterThanOrEqual(0);
      expect(Buffer.concat(frames.slice(0, found + 1)).length > taken || found === frames.length).toBe(true);
    });
  });

  it('does not put a close frame behind the one of the sender', () => {
    const { direction, received } = collect();
    const own = closeFrame({ code: 1000, reason: 'bye', masked: true });
    direction.take(own.subarray(0, 8));
    direction.end(ours);
    expect(direction.isOver).toBe(false);
    direction.take(own.subarray(8));
    expect([direction.isOver, direction.isDone]).toEqual([true, true]);
    expect(received().equals(own)).toBe(true);
  });

  it('passes nothing on after a fault, and can still be ended', () => {
    const { direction, faults, received } = collect();
    const good = frameBytes({ opcode: 1, final: true, masked: true, length: 10 });
    direction.take(Buffer.concat([good, Buffer.from([0x83, 0x80, 1, 2, 3, 4]), good]));
    direction.take(good);
    expect(faults).toEqual([1002]);
    direction.end(ours);
    expect(received().equals(Buffer.concat([good, ours]))).toBe(true);
  });
});
