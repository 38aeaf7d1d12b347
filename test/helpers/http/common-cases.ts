import type { ContractCase } from './contract-case.ts';
import type { OpenapiDocument } from './openapi-check.ts';

/** 401, 403 and 429 of each operation that documents them: they come before anything of the route is looked at. */
export function commonCases(document: OpenapiDocument): ContractCase[] {
  return Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).flatMap(([method, { operationId, responses }]): ContractCase[] => {
      const path = template.replaceAll(/\{[^}]+\}/g, 'x');
      const call = { method: method.toUpperCase(), path };
      const all: ContractCase[] = [
        { operationId, status: 401, run: (rig) => rig.call({ ...call, as: 'anonymous' }) },
        { operationId, status: 403, run: (rig) => rig.call({ ...call, as: [] }) },
        {
          operationId,
          status: 429,
          run: async (rig) => {
            const limited = await rig.withLimits({ requestsPerMinute: 1 });
            await limited.call({ ...call, as: [] });
            return limited.call({ ...call, as: [] });
          },
        },
      ];
      return all.filter(({ status }) => String(status) in responses);
    }),
  );
}
