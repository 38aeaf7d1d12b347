import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { collectDocument } from '../../../../dev/openapi/collect-document.ts';
import { scopes } from '../../../../domain/scopes.ts';
import { type BareApp, startBareApp } from '../../../helpers/http/bare-app.ts';
import type { OpenapiDocument, Operation } from '../../../helpers/http/openapi-check.ts';

const text = await collectDocument();
const document = JSON.parse(text) as OpenapiDocument & {
  readonly tags: readonly { name: string; description: string }[];
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
);

interface Found {
  readonly pointer: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Every object in the document with a member of this name. */
function objectsWith(member: string, value: unknown = document, pointer = ''): Found[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    objectsWith(member, inner, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
  return member in value ? [{ pointer, value: value as Found['value'] }, ...below] : below;
}

function resolve(reference: string): unknown {
  const steps = reference
    .slice(2)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], document);
}

describe('the OpenAPI document', () => {
  it('is the one in docs/openapi.json: npm run openapi writes it', () => {
    const written = readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8');
    expect(written).toBe(text);
  });

  it('is the same each time', async () => {
    expect(await collectDocument()).toBe(text);
  });

  it('has no reference that leads nowhere, and no schema that nothing refers to', () => {
    const references = objectsWith('$ref').map(({ value }) => String(value['$ref']));
    expect(references.filter((reference) => resolve(reference) === undefined)).toEqual([]);
    const unused = Object.keys(document.components.schemas).filter(
      (name) => !references.includes(`#/components/schemas/${name}`),
    );
    expect(unused).toEqual([]);
  });

  it('holds schemas that are valid JSON Schema 2020-12', () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const faulty = objectsWith('schema').filter(({ value }) => ajv.validateSchema(value['schema'] as object) !== true);
    expect(faulty).toEqual([]);
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      expect([name, ajv.validateSchema(schema as object)]).toEqual([name, true]);
    }
  });

  it('gives examples that are as their schemas say', () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema(document, 'openapi');
    const media = objectsWith('schema').flatMap(({ pointer, value }) => {
      const named = Object.values((value['examples'] ?? {}) as Record<string, { value: unknown }>);
      const examples = [...('example' in value ? [value['example']] : []), ...named.map((example) => example.value)];
      return examples.map((example) => ({ pointer: `${pointer}/schema`, example }));
    });
    const ofSchemas = objectsWith('examples')
      .filter(({ value }) => Array.isArray(value['examples']))
      .flatMap(({ pointer, value }) => (value['examples'] as unknown[]).map((example) => ({ pointer, example })));
    const all = [...media, ...ofSchemas];
    expect(all.length).toBeGreaterThan(0);
    for (const { pointer, example } of all) {
      const reference = pointer.slice(1).split('/').map(encodeURIComponent).join('/');
      const validate = ajv.compile({ $ref: `openapi#/${reference}` });
      expect({ pointer, valid: validate(example), errors: validate.errors }).toMatchObject({ valid: true });
    }
  });

  it('names each operation once', () => {
    const names = operations.map(([, { operationId }]) => operationId);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it.each(operations)('says what %s is for', (_title, operation) => {
    const { operationId, summary = '', description = '', tags = [] } = operation;
    expect(operationId).toMatch(/^[a-z][A-Za-z]+$/);
    expect(summary.length).toBeGreaterThan(3);
    expect(description.length).toBeGreaterThan(3);
    expect(document.tags.map(({ name }) => name)).toEqual(expect.arrayContaining([...tags]));
    expect(tags).toHaveLength(1);
    for (const { name, schema } of operation.parameters ?? [])
      expect([name, schema]).toEqual([name, expect.any(Object)]);
  });

  it.each(operations)('says who may use %s, and how it refuses the others', (_title, operation: Operation) => {
    const [held] = operation.security ?? [];
    const statuses = Object.keys(operation.responses);
    if (held === undefined) expect(statuses).not.toContain('401');
    else {
      expect(Object.keys(scopes)).toContain(held['bearer']?.[0]);
      expect(statuses).toEqual(expect.arrayContaining(['401', '403', '429']));
    }
  });

  it.each(operations)('gives each answer of %s a meaning', (_title, { responses }) => {
    for (const [status, { description }] of Object.entries(responses) as [string, { description?: string }][]) {
      expect([status, description]).toEqual([status, expect.stringMatching(/\w/)]);
      expect(description).not.toBe('Default Response');
    }
  });
});

describe('the page to try the API', () => {
  let bare: BareApp;
  beforeAll(async () => {
    bare = await startBareApp();
  });
  afterAll(() => bare.close());

  it('is served with everything it needs, from here alone', async () => {
    const page = await fetch(`${bare.origin}/docs`);
    const html = await page.text();
    const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '');
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) {
      expect(part).toMatch(/^\//);
      const answer = await fetch(bare.origin + part);
      expect([part, answer.status]).toEqual([part, 200]);
    }
  });

  it('may run no script but its own and ask no other server', async () => {
    const { headers } = await fetch(`${bare.origin}/docs`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toContain('http');
    const html = await (await fetch(`${bare.origin}/docs`)).text();
    expect(html).not.toMatch(/<script>|<style>| on\w+=/);
  });

  it('shows the document of this process', async () => {
    const shown = (await (await fetch(`${bare.origin}/docs/json`)).json()) as OpenapiDocument;
    const served = (await (await fetch(`${bare.origin}/api/v1/openapi.json`)).json()) as OpenapiDocument;
    expect(shown).toEqual(served);
    expect(served).toEqual(document);
  });
});
