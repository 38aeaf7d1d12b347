const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const notInValues = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * Adds the name and the value of a header's line to a list; false for what is no header line: a folded one, one without
 * a name, one with control characters. https://www.rfc-editor.org/rfc/rfc9110#section-5
 */
export function readHeaderLine(line: string, into: string[]): boolean {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(0, colon));
  if (!token.test(name)) return false;
  let from = colon + 1;
  let to = line.length;
  while (from < to && isBlank(line.charCodeAt(from))) from += 1;
  while (to > from && isBlank(line.charCodeAt(to - 1))) to -= 1;
  const value = line.slice(from, to);
  if (notInValues.test(value)) return false;
  into.push(name, value);
  return true;
}

/** Whether a text can be a header's name, or a method. */
export function isToken(text: string): boolean {
  return token.test(text);
}

/** Whether a text can be a header's value, so that nothing can follow it in the same header. */
export function isHeaderValue(text: string): boolean {
  return !notInValues.test(text);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
