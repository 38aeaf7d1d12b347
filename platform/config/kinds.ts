import { RE2JS } from 're2js';
import { z } from 'zod';
import { labelSelectorFault } from './label-selector.ts';

/** One environment variable: how it is read, and everything docs/configuration.md says about it. */
export interface Setting<T> {
  readonly variable: string;
  /** The default as it would be written in the environment; empty when unset is allowed and means something. */
  readonly defaultText: string;
  /** Unit and range, or the form of the value. Ends the sentence "Give …". */
  readonly form: string;
  readonly help: string;
  readonly secret: boolean;
  /** From the text in the environment to the value; its issue messages continue the sentence "<variable> is …". */
  readonly schema: z.ZodType<T, string>;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

const dnsLabelPattern = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const dnsLabelForm = 'a DNS label (a-z, 0-9 and -, at most 63 characters)';
const dnsLabelSchema = z.string().regex(dnsLabelPattern, 'not a DNS label');

function wholeNumber(range: Range) {
  return z
    .string()
    .refine((text) => !text.startsWith('tcp://'), {
      error:
        'the address of a Service, set by Kubernetes for a Service of that name (enableServiceLinks: false stops it)',
      abort: true,
    })
    .regex(/^\d{1,15}$/, { error: 'not a whole number', abort: true })
    .transform(Number)
    .refine((value) => value >= range.min && value <= range.max, 'out of range');
}

const number =
  (unit: string) =>
  (variable: string, value: number, range: Range, help: string): Setting<number> => ({
    variable,
    defaultText: String(value),
    form: `${unit}, ${range.min} to ${range.max}`,
    help,
    secret: false,
    schema: wholeNumber(range),
  });

export const milliseconds = number('milliseconds');
export const seconds = number('seconds');
export const count = number('a number');

/** A TCP port; 0 only where the process itself listens and may take any free one. */
export function port(variable: string, value: number, min: 0 | 1, help: string): Setting<number> {
  const form = min === 0 ? 'a port, 1 to 65535, or 0 for any free one' : 'a port, 1 to 65535';
  return { variable, defaultText: String(value), form, help, secret: false, schema: wholeNumber({ min, max: 65535 }) };
}

/** Part of ids and keys, therefore a DNS label. */
export function dnsLabel(variable: string, value: string, help: string): Setting<string> {
  return { variable, defaultText: value, form: dnsLabelForm, help, secret: false, schema: dnsLabelSchema };
}

/** One of a few words. */
export function choice<const T extends string>(
  variable: string,
  [first, ...others]: readonly [T, ...T[]],
  help: string,
): Setting<T> {
  const schema = z.string().pipe(z.enum([first, ...others], 'not one of the known values'));
  const form = [first, ...others].join(' or ');
  return { variable, defaultText: first, form, help, secret: false, schema };
}

/** A host name or address to connect to or to listen on. */
export function host(variable: string, value: string, help: string): Setting<string> {
  const schema = z.string().regex(/^[A-Za-z0-9_.:-]{1,253}$/, 'not a host name or an address');
  return { variable, defaultText: value, form: 'a host name or an address', help, secret: false, schema };
}

/** Free text; an empty value is the default. */
export function text(variable: string, value: string, help: string): Setting<string> {
  return { variable, defaultText: value, form: 'text', help, secret: false, schema: z.string() };
}

/** Text that is never shown in logs, faults or the dump of the configuration. */
export function secret(variable: string, help: string): Setting<string> {
  return { variable, defaultText: '', form: 'text', help, secret: true, schema: z.string() };
}

/** Exact namespace names, separated by commas; empty means all. */
export function namespaces(variable: string, help: string): Setting<readonly string[]> {
  const schema = z
    .string()
    .transform((list) => list.split(',').map((name) => name.trim()))
    .transform((names) => [...new Set(names.filter((name) => name !== ''))])
    .refine((names) => names.every((name) => dnsLabelPattern.test(name)), 'a list with a name that cannot exist');
  return { variable, defaultText: '', form: 'exact namespace names separated by commas', help, secret: false, schema };
}

/** A Kubernetes label selector; empty means every object. */
export function labelSelector(variable: string, help: string): Setting<string> {
  const schema = z.string().check((context) => {
    const fault = labelSelectorFault(context.value);
    if (fault !== undefined) context.issues.push({ code: 'custom', input: context.value, message: fault });
  });
  return { variable, defaultText: '', form: 'a label selector, as for kubectl -l', help, secret: false, schema };
}

/** RE2 patterns separated by white space: a comma can be part of a pattern, white space never has to match in names. */
export function patterns(variable: string, help: string): Setting<readonly string[]> {
  const schema = z
    .string()
    .transform((list) => list.split(/\s+/).filter((pattern) => pattern !== ''))
    .check((context) => {
      for (const pattern of context.value) {
        const fault = patternFault(pattern);
        if (fault !== undefined) context.issues.push({ code: 'custom', input: pattern, message: fault });
      }
    });
  return { variable, defaultText: '', form: 'RE2 patterns separated by spaces', help, secret: false, schema };
}

function patternFault(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return `a list with a faulty pattern (${error instanceof Error ? error.message : String(error)})`;
  }
}
