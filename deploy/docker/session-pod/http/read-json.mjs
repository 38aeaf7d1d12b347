import { ProblemError } from './problem-error.mjs';

const bodyLimitBytes = 10 * 1024 * 1024;

/** The body as JSON. Throws ProblemError: 413 above 10 MiB, 400 when it isn't JSON in UTF-8. */
export async function readJson(request) {
  const body = await readBody(request);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new ProblemError({ status: 400, code: 'invalid_json', detail: 'The body is not JSON.' });
  }
}

async function readBody(request) {
  if (Number(request.headers['content-length'] ?? 0) > bodyLimitBytes) throw tooLarge();
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    // The rest is thrown away by Node once the answer is sent, so the client can read why.
    if (bytes > bodyLimitBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

const tooLarge = () =>
  new ProblemError({ status: 413, code: 'body_too_large', detail: `The body is above ${bodyLimitBytes} bytes.` });
