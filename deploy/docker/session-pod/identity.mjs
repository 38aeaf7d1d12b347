import { createHmac, timingSafeEqual } from 'node:crypto';

/** The same as in domain/sessions/handshake/handshake-texts.ts; a test holds them together. */
export const identityPath = '/.podkeeper/identity';
const headers = { nonce: 'x-podkeeper-nonce', mac: 'x-podkeeper-mac' };
const noncePattern = /^[A-Za-z0-9_-]{16,128}$/;

/** A nonce is taken once. So many are remembered; the oldest go first. */
const rememberedNonces = 100_000;

/**
 * Who this pod is, and which sockets have seen its proof. Without a key no proof is asked for: then every socket counts
 * as proven.
 */
export function createIdentity({ podKey, podUid, sessionKey, incarnation }) {
  const proven = new WeakSet();
  const seen = new Set();

  /** Answers `{status: 200, proof}`, or 400 or 401 with a reason. Only a 200 marks the socket. */
  function prove(request) {
    const nonce = request.headers[headers.nonce];
    const given = request.headers[headers.mac];
    if (typeof nonce !== 'string' || !noncePattern.test(nonce)) {
      return { status: 400, reason: `${headers.nonce} must be 16 to 128 characters of A-Z a-z 0-9 _ -.` };
    }
    if (typeof given !== 'string' || !isSame(given, mac(['podkeeper gateway', nonce]))) {
      return { status: 401, reason: `${headers.mac} is not the MAC of this nonce by this pod's key.` };
    }
    if (seen.has(nonce)) return { status: 401, reason: 'This nonce was used before. Make a new one.' };
    seen.add(nonce);
    if (seen.size > rememberedNonces) seen.delete(seen.values().next().value);
    proven.add(request.socket);
    const claim = ['podkeeper pod', nonce, podUid, sessionKey, String(incarnation)];
    return { status: 200, proof: { podUid, sessionKey, incarnation, mac: mac(claim) } };
  }

  const mac = (lines) => createHmac('sha256', podKey).update(lines.join('\n')).digest('base64url');
  return { isNative: podKey !== null, prove, isProven: (socket) => podKey === null || proven.has(socket) };
}

function isSame(one, other) {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
