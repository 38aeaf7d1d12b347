/**
 * Says what is wrong with a value, beginning with the path of the fault; undefined when nothing is. Depends on nothing but
 * its arguments: lists and objects ask first and ask again with the exact path, which is only built for a fault. Built for
 * every field of every change, paths took a sixth of a classification.
 */
export type Check = (value: unknown, path: string) => string | undefined;

export const isText: Check = (value, path) => (typeof value === 'string' ? undefined : wrong(value, path, 'a string'));

export const isInteger: Check = (value, path) =>
  typeof value === 'number' && Number.isSafeInteger(value) ? undefined : wrong(value, path, 'an integer');

export const isCount: Check = (value, path) =>
  isInteger(value, path) ?? (Number(value) < 0 ? `${path} is negative` : undefined);

export const isBoolean: Check = (value, path) =>
  typeof value === 'boolean' ? undefined : wrong(value, path, 'true or false');

export const isTrue: Check = (value, path) => (value === true ? undefined : wrong(value, path, 'true'));

/** One of a closed list of texts. */
export function oneOf(...allowed: readonly string[]): Check {
  return (value, path) =>
    isText(value, path) ??
    (allowed.includes(value as string) ? undefined : `${path} is not one of ${allowed.join(', ')}`);
}

const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

/** A point in time as RFC 3339 writes it, and one that exists. */
export const isTime: Check = (value, path) => {
  if (typeof value !== 'string') return wrong(value, path, 'an RFC 3339 time');
  const valid = rfc3339.test(value) && !Number.isNaN(Date.parse(value));
  return valid ? undefined : `${path} is not an RFC 3339 time`;
};

/** A quantity such as `100m`; YAML may hold it as a number. */
export const isQuantity: Check = (value, path) => (typeof value === 'number' ? undefined : isText(value, path));

/** Absent and null count as not given: clients in Go write empty lists and times as null. */
export function optional(check: Check): Check {
  return (value, path) => (value === undefined || value === null ? undefined : check(value, path));
}

/** For what our own code writes: it leaves a field out and never sets it to null. */
export function absentOr(check: Check): Check {
  return (value, path) => {
    if (value === undefined) return undefined;
    return value === null ? `${path} is null` : check(value, path);
  };
}

export function listOf(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return wrong(value, path, 'a list');
    for (let index = 0; index < value.length; index += 1) {
      if (check(value[index], path) !== undefined) return check(value[index], `${path}[${index}]`);
    }
    return undefined;
  };
}

export function mapOf(check: Check): Check {
  return (value, path) => {
    if (!isFields(value)) return wrong(value, path, 'an object');
    for (const key of Object.keys(value)) {
      if (check(value[key], path) !== undefined) return check(value[key], `${path}[${key.slice(0, 317)}]`);
    }
    return undefined;
  };
}

/** The named fields; others are not looked at. */
export function objectOf(checks: Readonly<Record<string, Check>>): Check {
  const entries = Object.entries(checks);
  return (value, path) => {
    if (!isFields(value)) return wrong(value, path, 'an object');
    for (const [field, check] of entries) {
      if (check(value[field], path) !== undefined) {
        return check(value[field], path === '' ? field : `${path}.${field}`);
      }
    }
    return undefined;
  };
}

/** A text that matches, e.g. a name; `what` completes the sentence "… is not …". */
export function matching(pattern: RegExp, what: string): Check {
  return (value, path) => isText(value, path) ?? (pattern.test(value as string) ? undefined : `${path} is not ${what}`);
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(value: unknown, path: string, expected: string): string {
  const subject = path === '' ? 'the document' : path;
  return value === undefined || value === null ? `${subject} is missing` : `${subject} is not ${expected}`;
}
