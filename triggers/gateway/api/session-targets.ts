import { hash } from 'node:crypto';
import { sessionKey } from '../../../domain/sessions/identity/session-key.ts';
import type { SessionClass } from '../../../domain/sessions/session-class.ts';
import { Problem } from '../../http/problems/problem.ts';
import type { Caller } from '../session/caller.ts';
import type { SessionTarget } from '../session/session-target.ts';

export const classHeader = 'x-podkeeper-class';
const defaultClass = 'default';
/** Short enough for a label's value, long enough that nobody finds another text for it. */
const hashLength = 32;
const shownLength = 64;

/** In all, for all callers. */
const mostKeys = 10_000;

interface KnownCaller {
  readonly tenantHash: string;
  readonly ownerHash: string;
  /** Of its sessions, by their ids. */
  readonly keys: Map<string, string>;
}

/** The sessions that requests of callers are for. */
export interface SessionTargets {
  /** Without a class: for what needs none. */
  keyOf(caller: Caller, sessionId: string): string;
  ownerHashOf(caller: Caller): string;
  /** For ending a session whose run is gone: of the class `default`, whatever the token allows; no pod is made of it. */
  endedTargetOf(caller: Caller, sessionId: string): SessionTarget;
  /** `asked`: what the class header says. Throws a Problem: an unknown class, or one the token does not allow. */
  targetOf(caller: Caller, sessionId: string, asked: string | undefined): SessionTarget;
}

/**
 * Hashes of a caller and keys of its sessions are made once; callers are as long-lived as their tokens. Keys are kept with
 * the caller itself, so that no other one can be given them.
 */
export function createSessionTargets(classes: ReadonlyMap<string, SessionClass>, most = mostKeys): SessionTargets {
  let callers = new WeakMap<Caller, KnownCaller>();
  let keys = 0;
  const knownOf = (caller: Caller): KnownCaller => {
    const known = callers.get(caller);
    if (known !== undefined) return known;
    const { tenant, owner } = caller;
    // As for keys: with the lengths before them, no two pairs give one text.
    const made = {
      tenantHash: shortHash(tenant),
      ownerHash: shortHash(`${tenant.length}:${tenant}${owner.length}:${owner}`),
      keys: new Map<string, string>(),
    };
    callers.set(caller, made);
    return made;
  };
  const keyOf = (caller: Caller, id: string): string => {
    const known = knownOf(caller).keys.get(id);
    if (known !== undefined) return known;
    // Making a few anew now and then costs less than knowing which was not used for longest.
    if (keys >= most) [callers, keys] = [new WeakMap(), 0];
    const { tenant, owner } = caller;
    const key = sessionKey({ tenant, owner, id }, sha256);
    knownOf(caller).keys.set(id, key);
    keys += 1;
    return key;
  };
  const targetWith = (
    caller: Caller,
    sessionId: string,
    askedClass: string | null,
    sessionClass: SessionClass,
  ): SessionTarget => {
    const key = keyOf(caller, sessionId);
    const { tenantHash, ownerHash } = knownOf(caller);
    const { tenant, classes: allowedClasses } = caller;
    return { key, sessionId, tenant, tenantHash, ownerHash, askedClass, allowedClasses, class: sessionClass };
  };
  return {
    keyOf,
    ownerHashOf: (caller) => knownOf(caller).ownerHash,
    endedTargetOf: (caller, sessionId) => targetWith(caller, sessionId, null, defaultOf(classes)),
    targetOf: (caller, sessionId, asked) =>
      targetWith(caller, sessionId, asked ?? null, allowedClass({ classes, caller, asked })),
  };
}

function defaultOf(classes: ReadonlyMap<string, SessionClass>): SessionClass {
  const found = classes.get(defaultClass);
  if (found === undefined) throw new Error('there is always a class default');
  return found;
}

interface ClassChoice {
  readonly classes: ReadonlyMap<string, SessionClass>;
  readonly caller: Caller;
  readonly asked: string | undefined;
}

function allowedClass({ classes, caller, asked }: ClassChoice): SessionClass {
  const name = asked ?? defaultClass;
  const found = classes.get(name);
  // Which classes there are is no business of a token that is held to a few.
  if (caller.classes !== null && !caller.classes.has(name)) {
    const detail = `The token does not allow the class ${shown(name)}. Name one that it allows in X-Podkeeper-Class.`;
    throw new Problem('forbidden', { detail });
  }
  if (found !== undefined) return found;
  throw new Problem('invalid_request', {
    detail: `There is no class ${shown(name)}; X-Podkeeper-Class names one of the configured classes.`,
  });
}

function shown(name: string): string {
  return JSON.stringify(name.length > shownLength ? `${name.slice(0, shownLength)}…` : name);
}

function sha256(text: string): Uint8Array {
  return hash('sha256', text, 'buffer');
}

function shortHash(text: string): string {
  return hash('sha256', text, 'hex').slice(0, hashLength);
}
