/** One entry of a tar archive. */
export type TarEntry =
  | { readonly type: 'file'; readonly path: string; readonly content: Buffer; readonly mode: number }
  | { readonly type: 'folder'; readonly path: string; readonly mode: number }
  | { readonly type: 'link'; readonly path: string; readonly target: string };

const blockSize = 512;
const typeFlags = { file: '0', link: '2', folder: '5' } as const;

/** Writes a tar archive in the ustar format of POSIX.1-1988. Paths are at most 100 bytes; the same entries give the same bytes. */
export function writeTar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(writeEntry), Buffer.alloc(2 * blockSize)]);
}

function writeEntry(entry: TarEntry): Buffer[] {
  if (entry.type !== 'file') return [writeHeader(entry, 0)];
  const padding = Buffer.alloc((blockSize - (entry.content.length % blockSize)) % blockSize);
  return [writeHeader(entry, entry.content.length), entry.content, padding];
}

function writeHeader(entry: TarEntry, size: number): Buffer {
  if (Buffer.byteLength(entry.path) > 100) throw new Error(`The path ${entry.path} is too long for a tar archive.`);
  const header = Buffer.alloc(blockSize);
  const octal = (value: number, offset: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset);
  header.write(entry.path, 0);
  octal(entry.type === 'link' ? 0o777 : entry.mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  header.write(typeFlags[entry.type], 156);
  if (entry.type === 'link') header.write(entry.target, 157);
  header.write('ustar\0', 257);
  header.write('00', 263);
  // The checksum is the sum of all bytes with its own field read as blanks.
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
