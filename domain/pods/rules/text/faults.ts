import { RE2JS } from 're2js';

/** Longest glob or pattern, and how many steps of RE2 a pattern may compile to: together they bound what a match costs. */
export const patternLimits = { characters: 256, programSize: 1000 } as const;

const globOnly = '"*" (any characters) and "?" (one character) are the only special ones';

/** Says why a text is no pattern that rules can use, or nothing. Syntax: https://github.com/google/re2/wiki/Syntax */
export function patternFault(pattern: string): string | undefined {
  if (pattern === '') return 'is empty; leave it out';
  try {
    const size = RE2JS.compile(pattern).programSize();
    return size > patternLimits.programSize ? 'is too complex; repeat less' : undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace('error parsing regexp: ', '') : String(error);
    return `is no RE2 pattern: ${reason}`;
  }
}

/** Says why a text is no glob on a namespace, or nothing. */
export function namespaceGlobFault(glob: string): string | undefined {
  if (/^[a-z0-9*?-]+$/.test(glob)) return undefined;
  return `${JSON.stringify(glob)} fits no namespace, whose names hold only a-z, 0-9 and "-"; ${globOnly}`;
}

/** Says why a text is no glob on the value of a label, or nothing. */
export function labelGlobFault(glob: string): string | undefined {
  if (/^[A-Za-z0-9._*?-]*$/.test(glob)) return undefined;
  return `${JSON.stringify(glob)} fits no label, whose values hold only a-z, A-Z, 0-9 and . _ -; ${globOnly}`;
}

/** Says why a text is no glob on an owner, or nothing. */
export function ownerGlobFault(glob: string): string | undefined {
  const [kind = '', name] = glob.split('/');
  if (name === undefined || kind === '' || name === '') {
    return `${JSON.stringify(glob)} is no owner; write <kind>/<name>, such as Job/* or StatefulSet/db`;
  }
  if (/^[A-Za-z0-9.*?-]+\/[A-Za-z0-9._*?-]+$/.test(glob)) return undefined;
  return `${JSON.stringify(glob)} fits no owner; ${globOnly}`;
}
