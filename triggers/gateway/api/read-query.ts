import { z } from 'zod';
import { faultProblem } from '../../http/problems/fault-problem.ts';
import { requestFaults } from '../../http/problems/request-faults.ts';

const flag = z.enum(['true', 'false']).transform((word) => word === 'true');

export const deleteQuery = z.strictObject({ force: flag.default(false) });
export const listQuery = z.strictObject({
  all: flag.default(false),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().min(1).max(2048).optional(),
});
export const noQuery = z.strictObject({});
/** A year: the class's own longest life is the real bound. */
export const extendBody = z.strictObject({ seconds: z.int().min(1).max(31_536_000) });

/** The query string of a request. Throws a Problem that names what is not as it should be. */
export function readQuery<T>(url: string, schema: z.ZodType<T>): T {
  const at = url.indexOf('?');
  const given = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
  const values = new Map<string, string | string[]>();
  for (const name of given.keys()) {
    const all = given.getAll(name);
    values.set(name, all.length === 1 ? (all[0] ?? '') : all);
  }
  return readValue('query', Object.fromEntries(values), schema);
}

/** A value of a request, of the form it must have. Throws a Problem. */
export function readValue<T>(root: string, value: unknown, schema: z.ZodType<T>): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw faultProblem('invalid_request', requestFaults(root, read.error.issues));
}
