import type { FastifySchemaCompiler } from 'fastify';
import type { ZodType } from 'zod';
import { Problem } from '../problems/problem.ts';
import { describeFault, requestFaults } from '../problems/request-faults.ts';

const roots: Readonly<Record<string, string>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'headers',
};

/** Checks a part of a request by its zod schema; the Problem names each place that is wrong. */
export const validateRequest: FastifySchemaCompiler<ZodType> = ({ schema, httpPart = 'body' }) => {
  const root = roots[httpPart] ?? httpPart;
  return (data: unknown) => {
    // fastify hands null on for a body that is not there.
    const result = schema.safeParse(data === null ? undefined : data);
    if (result.success) return { value: result.data };
    const [first, ...others] = requestFaults(root, result.error.issues);
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    return {
      error: new Problem('invalid_request', {
        detail: describeFault(first ?? { path: root, message: 'is not valid' }) + more,
        errors: first === undefined ? [] : [first, ...others],
      }),
    };
  };
};
