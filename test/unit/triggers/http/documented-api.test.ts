import { describe, expect, it } from '@jest/globals';
import { collectDocument } from '../../../../dev/openapi/collect-document.ts';
import { type FailureCode, failures } from '../../../../domain/failures.ts';
import { scopes } from '../../../../domain/scopes.ts';
import { connectionLimits, requestLimits } from '../../../../triggers/http/plugins/limits.ts';
import { tableUnder } from '../../../helpers/markdown-tables.ts';
import type { OpenapiDocument } from '../../../helpers/http/openapi-check.ts';

const page = new URL('../../../../docs/api.md', import.meta.url);

/** Those that come without any operation having a say. */
const everywhere = [
  'not_found',
  'method_not_allowed',
  'request_timeout',
  'headers_too_large',
  'internal_error',
] as const;

describe('docs/api.md', () => {
  it('lists every code the API answers with, as domain/failures.ts has it', async () => {
    const { paths } = JSON.parse(await collectDocument()) as OpenapiDocument;
    const responses = Object.values(paths).flatMap((methods) =>
      Object.values(methods).flatMap((operation) => Object.values(operation.responses) as { description: string }[]),
    );
    const documented = responses.flatMap(({ description }) => [...description.matchAll(/^`([a-z_]+)`: /gm)]);
    const codes = new Set([...documented.map(([, code]) => code as FailureCode), ...everywhere]);
    const rows = tableUnder(page, 'Errors');
    expect(rows.map(([code]) => code).sort()).toEqual([...codes].sort());
    for (const [code, ...rest] of rows) {
      const { httpStatus, retryable, meaning } = failures[code as FailureCode];
      expect([code, ...rest]).toEqual([code, String(httpStatus), retryable ? 'yes' : 'no', meaning]);
    }
  });

  it('lists every scope', () => {
    expect(tableUnder(page, 'Tokens')).toEqual(Object.entries(scopes));
  });

  it('names the limits in force', () => {
    const bounds = Object.fromEntries(tableUnder(page, 'Limits').map(([what = '', bound = '']) => [what, bound]));
    expect(bounds).toMatchObject({
      body: `${requestLimits.bodyBytes / 1024 ** 2} MiB, nested ${requestLimits.bodyDepth} deep`,
      'request line and headers': `${requestLimits.headerBytes / 1024} KiB, ${requestLimits.headerCount} headers`,
      'path and query string': `${requestLimits.urlLength} characters, a parameter ${requestLimits.parameterLength}`,
      connections: `${connectionLimits.connections} a process`,
      'an unused connection': `${connectionLimits.keepAliveMs / 1000} s`,
    });
  });
});
