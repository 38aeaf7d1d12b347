import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Scope, scopes } from '../../../../domain/scopes.ts';
import { type BareApp, startBareApp } from '../../../helpers/http/bare-app.ts';
import type { OpenapiDocument } from '../../../helpers/http/openapi-check.ts';

/** Written by hand, so that no route changes who may use it unseen. */
const needed: Readonly<Record<string, Scope>> = {
  'POST /api/v1/pod-events': 'events:write',
  'POST /api/v1/workflows/podLifecycle': 'workflows:write',
  'POST /api/v1/workflows/watchPods': 'watches:write',
  'POST /api/v1/workflows/replayClassifications': 'replays:write',
  'GET /api/v1/runs': 'runs:read',
  'GET /api/v1/runs/{workflowId}': 'runs:read',
  'GET /api/v1/pods/{namespace}/{name}': 'runs:read',
  'GET /api/v1/watches': 'runs:read',
  'GET /api/v1/watches/{scope}': 'runs:read',
  'POST /api/v1/watches/{scope}/pause': 'watches:write',
  'POST /api/v1/watches/{scope}/resume': 'watches:write',
  'POST /api/v1/watches/{scope}/stop': 'watches:write',
  'PUT /api/v1/watches/{scope}/configuration': 'watches:write',
  'POST /api/v1/classifications/replay': 'replays:write',
  'GET /api/v1/classifications/replay/{replayId}': 'runs:read',
  'DELETE /api/v1/classifications/replay/{replayId}': 'replays:write',
  'GET /metrics': 'metrics:read',
};
const open = ['GET /health', 'GET /ready', 'GET /api/v1/openapi.json'];
const all = Object.keys(scopes) as Scope[];

describe('who may use what', () => {
  let bare: BareApp;
  beforeAll(async () => {
    bare = await startBareApp({ limits: { requestsPerMinute: 100_000, requestTimeoutSeconds: 1 } });
  });
  afterAll(() => bare.close());

  const statusOf = async (operation: string, held: readonly Scope[]): Promise<number> => {
    const [method = '', template = ''] = operation.split(' ');
    const { status } = await fetch(bare.origin + template.replaceAll(/\{[^}]+\}/g, 'x'), {
      method,
      headers: { authorization: `Bearer test:${held.join(',')}`, 'content-type': 'application/json' },
      ...(method === 'POST' || method === 'PUT' ? { body: '{"nothing":1}' } : {}),
    });
    return status;
  };

  it('is told for every operation', () => {
    const { paths } = bare.app.swagger() as unknown as OpenapiDocument;
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.sort()).toEqual([...Object.keys(needed), ...open].sort());
  });

  it.each(Object.entries(needed))(
    '%s takes a token with %s alone, and none with all others',
    async (operation, scope) => {
      const others = all.filter((other) => other !== scope);
      expect(await statusOf(operation, others)).toBe(403);
      expect([401, 403]).not.toContain(await statusOf(operation, [scope]));
    },
  );
});
