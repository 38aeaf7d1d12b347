import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { sendJson } from '../http/answers.mjs';
import { readNumber } from './read-number.mjs';

/** POST /exit?code=N ends the process at once, as a crash would; the state isn't written again. */
export const exitWith =
  (exit) =>
  ({ url, response }) => {
    const code = readNumber(url, { name: 'code', most: 255, standard: 1 });
    response.once('close', () => exit(code));
    sendJson(response, 202, { code });
  };

/** POST /fill takes memory until the container has no more. */
export function fill() {
  const taken = [];
  for (;;) taken.push(Buffer.alloc(16 * 1024 * 1024, 1));
}

/** /mirror, with any method, answers what reached the pod: the witness of what a gateway adds and removes. */
async function showRequest({ request, response }) {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    hash.update(chunk);
  }
  const { method, url, rawHeaders } = request;
  sendJson(response, 200, { method, target: url, rawHeaders, body: { bytes, sha256: hash.digest('hex') } });
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
export const mirror = Object.fromEntries(methods.map((method) => [method, showRequest]));

/** GET /process says as whom the pod runs, and whether it can't write beside its own folder. */
export function showProcess({ response }) {
  sendJson(response, 200, { uid: process.getuid(), gid: process.getgid(), rootIsReadOnly: isRootReadOnly() });
}

function isRootReadOnly() {
  try {
    writeFileSync('/podkeeper-write-test', '');
    return false;
  } catch (error) {
    return error.code === 'EROFS';
  }
}
