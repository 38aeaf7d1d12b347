import type { ContractCase } from '../../../../helpers/http/contract-case.ts';

export const cases: readonly ContractCase[] = [
  { operationId: 'health', status: 200, run: (rig) => rig.call({ path: '/health', as: 'anonymous' }) },
  { operationId: 'ready', status: 200, run: (rig) => rig.call({ path: '/ready', as: 'anonymous' }) },
  {
    operationId: 'ready',
    status: 503,
    run: async (rig) => (await rig.withoutTemporal()).call({ path: '/ready', as: 'anonymous' }),
  },
  { operationId: 'openapi', status: 200, run: (rig) => rig.call({ path: '/api/v1/openapi.json', as: 'anonymous' }) },
  { operationId: 'metrics', status: 200, run: (rig) => rig.call({ path: '/metrics', as: ['metrics:read'] }) },
];
