import type { RawHeaders } from './forwarded-headers.ts';

const maxHeaders = 100;

/**
 * Why a request's headers leave it open where it ends, or whom it is for; undefined when they do not. Node's parser
 * refuses most of it itself; what stands here must not depend on that.
 * https://www.rfc-editor.org/rfc/rfc9112#section-6.3
 */
export function framingFault(raw: RawHeaders): string | undefined {
  const lengths: string[] = [];
  const encodings: string[] = [];
  const expectations: string[] = [];
  let hosts = 0;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const value = raw[index + 1] ?? '';
    switch ((raw[index] ?? '').toLowerCase()) {
      case 'content-length':
        lengths.push(value);
        break;
      case 'transfer-encoding':
        encodings.push(value);
        break;
      case 'expect':
        expectations.push(value);
        break;
      case 'host':
        hosts += 1;
        break;
    }
  }
  if (raw.length / 2 > maxHeaders) return `A request may have ${maxHeaders} headers.`;
  if (lengths.length > 0 && encodings.length > 0) return 'Content-Length and Transfer-Encoding exclude each other.';
  if (lengths.length > 1) return 'Content-Length must be there once.';
  if (lengths.length === 1 && !/^\d{1,15}$/.test(lengths[0] ?? '')) return 'Content-Length must be a whole number.';
  if (encodings.length > 1 || (encodings.length === 1 && encodings[0]?.toLowerCase() !== 'chunked')) {
    return 'Transfer-Encoding can only be "chunked".';
  }
  if (hosts !== 1) return 'Host must be there once.';
  if (expectations.some((value) => value.toLowerCase() !== '100-continue')) return 'Expect can only be "100-continue".';
  return undefined;
}
