import type { ContractCase } from './contract-case.ts';
import type { HttpRig } from './http-rig.ts';
import type { OpenapiDocument } from './openapi-check.ts';

/**
 * The answers that come before anything of the route is looked at, for each operation that documents them: 401, 403, 429,
 * and of those that take a body 400, 413 and 415.
 */
export function commonCases(document: OpenapiDocument): ContractCase[] {
  let limited: Promise<HttpRig> | undefined;
  return Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).flatMap(([method, { operationId, responses, requestBody }]): ContractCase[] => {
      const path = template.replaceAll(/\{[^}]+\}/g, 'x');
      const call = { method: method.toUpperCase(), path };
      const all: ContractCase[] = [
        { operationId, status: 401, run: (rig) => rig.call({ ...call, as: 'anonymous' }) },
        { operationId, status: 403, run: (rig) => rig.call({ ...call, as: [] }) },
        {
          operationId,
          status: 429,
          run: async (rig) => {
            const other = await (limited ??= rig.withLimits({ requestsPerMinute: 1 }));
            await other.call({ ...call, as: [] });
            return other.call({ ...call, as: [] });
          },
        },
      ];
      const json = { 'content-type': 'application/json' };
      const withBody: ContractCase[] = [
        { operationId, status: 400, run: (rig) => rig.call({ ...call, headers: json, rawBody: '{' }) },
        { operationId, status: 413, run: (rig) => rig.call({ ...call, body: 'x'.repeat(1024 * 1024) }) },
        {
          operationId,
          status: 415,
          run: (rig) => rig.call({ ...call, headers: { 'content-type': 'text/plain' }, rawBody: '{}' }),
        },
      ];
      if (requestBody !== undefined) all.push(...withBody);
      return all.filter(({ status }) => String(status) in responses);
    }),
  );
}
