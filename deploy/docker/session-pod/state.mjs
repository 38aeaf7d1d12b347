import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { log } from './log.mjs';

/** The latest calls that are kept, so that neither memory nor the file grows for ever. `count` counts all. */
const keptCalls = 1000;
/** A longer body is kept as its hash and its length. */
const keptBodyBytes = 4096;

/** The calls of this session, in memory and in a file. A file of the same session is taken over at the start. */
export async function openState({ sessionId, incarnation, stateFile }) {
  let { count, calls } = await readState(stateFile, sessionId);
  let writing = Promise.resolve();
  let waiting = null;

  const view = () => ({ sessionId, incarnation, count, calls });

  /** Writes what is there now. Callers during one write share the next. */
  function save() {
    if (stateFile === null) return Promise.resolve();
    waiting ??= writing.then(() => {
      waiting = null;
      writing = writeState(stateFile, view());
      const written = writing;
      // The next write is tried also when this one fails; who waits for this one is told.
      writing = written.catch(() => undefined);
      return written;
    });
    return waiting;
  }

  /** Counts a call and writes it. Throws when the file can't be written. */
  async function append(body, requestId) {
    count += 1;
    const call = { number: count, at: new Date().toISOString(), requestId, ...keep(body) };
    calls = [...calls, call].slice(-keptCalls);
    const { number } = call;
    await save();
    return number;
  }

  return { view, append, save };
}

function keep(body) {
  const text = JSON.stringify(body);
  const bytes = Buffer.byteLength(text);
  return bytes <= keptBodyBytes ? { body } : { bytes, sha256: createHash('sha256').update(text).digest('hex') };
}

async function readState(path, sessionId) {
  const empty = { count: 0, calls: [] };
  if (path === null) return empty;
  try {
    const state = JSON.parse(await readFile(path, 'utf8'));
    if (state.sessionId === sessionId && Number.isSafeInteger(state.count) && Array.isArray(state.calls)) return state;
    log('state-ignored', { reason: 'it is of another session or has another form' });
  } catch (error) {
    if (error.code !== 'ENOENT') log('state-ignored', { reason: error.message });
  }
  return empty;
}

/** A reader sees the old state or the new one, never a part. */
async function writeState(path, state) {
  const temporary = `${path}.tmp`;
  await writeFile(temporary, JSON.stringify(state));
  await rename(temporary, path);
}
