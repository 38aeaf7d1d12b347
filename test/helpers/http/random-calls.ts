import fc from 'fast-check';
import { type Scope, scopes } from '../../../domain/scopes.ts';
import type { HttpCall } from './http-rig.ts';
import type { OpenapiDocument } from './openapi-check.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const everything = Object.keys(scopes) as Scope[];

/** Values of path parameters that lead to something that is there, by the parameter's name. */
export type KnownValues = Readonly<Record<string, readonly string[]>>;

/** Each operation with the example of its body, once for every known value of its path parameters. */
export function validCalls(document: OpenapiDocument, known: KnownValues): HttpCall[] {
  return operationsOf(document).flatMap(({ template, method, operation }) => {
    const body = exampleOf(document, operation.requestBody);
    return fillings(template, known).map((path) => ({ method, path, ...(body === undefined ? {} : { body }) }));
  });
}

function fillings(template: string, known: KnownValues): string[] {
  const name = /\{([^}]+)\}/.exec(template)?.[1];
  if (name === undefined) return [template];
  return (known[name] ?? []).flatMap((one) => fillings(template.replace(`{${name}}`, encodeURIComponent(one)), known));
}

function operationsOf(document: OpenapiDocument) {
  return Object.entries(document.paths).flatMap(([template, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ template, method: method.toUpperCase(), operation })),
  );
}

/** Requests of all kinds: near what the document says, far from it, and anything between. */
export function randomCalls(document: OpenapiDocument, known: KnownValues): fc.Arbitrary<HttpCall> {
  const operations = operationsOf(document);
  const names = operations.flatMap(({ operation }) => operation.parameters ?? []);
  const of = (place: string) => [...new Set(names.filter((one) => one.in === place).map(({ name }) => name))];

  return fc.constantFrom(...operations).chain(({ template, method, operation }) => {
    const example = exampleOf(document, operation.requestBody);
    const json = fc.oneof(
      { weight: 3, arbitrary: example === undefined ? fc.jsonValue() : mutated(example) },
      { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
    );
    const text = fc.oneof(fc.string(), fc.constantFrom('', '{', '[]', 'null', '"', '['.repeat(200), 'a=b'));
    return fc
      .record({
        method: fc.oneof({ weight: 4, arbitrary: fc.constant(method) }, fc.constantFrom(...methods)),
        path: fc.oneof({ weight: 5, arbitrary: filledPath(template, known) }, anyPath),
        query: fc.dictionary(fc.oneof(fc.constantFrom(...of('query')), fc.string()), value, { maxKeys: 3 }),
        headers: fc.dictionary(fc.constantFrom(...of('header'), 'x-request-id', 'accept', 'expect-ct'), headerValue, {
          maxKeys: 2,
        }),
        sent: fc.oneof(
          fc.constant({}),
          json.map((body) => ({ body })),
          text.map((rawBody) => ({ rawBody, type: 'application/json' })),
          fc
            .tuple(text, fc.constantFrom('text/plain', 'application/xml', 'nonsense'))
            .map(([rawBody, type]) => ({ rawBody, type })),
        ),
        as: fc.oneof(
          { weight: 8, arbitrary: fc.constant(everything) },
          fc.subarray(everything),
          fc.constant('anonymous' as const),
          fc.base64String().map((token) => ({ token: `x${token}` })),
        ),
      })
      .map(({ sent, headers, ...call }) => {
        const { type, ...content } = sent as { type?: string; body?: unknown; rawBody?: string };
        const hasNoBody = call.method === 'GET' || call.method === 'HEAD';
        return {
          ...call,
          headers: { ...headers, ...(type !== undefined && { 'content-type': type }) },
          ...(hasNoBody ? {} : content),
        };
      });
  });
}

const value = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('1', '0', '-1', '1e9', 'true', "'", '*'),
);
const headerValue = fc
  .array(fc.integer({ min: 0x20, max: 0x7e }), { maxLength: 60 })
  .map((codes) => String.fromCharCode(...codes).trim());
const step = fc.oneof(
  value.map(encodeURIComponent_),
  fc.constantFrom(
    '%',
    '%zz',
    '%00',
    '%2F',
    '..',
    '.',
    '%2e%2e',
    'x'.repeat(1200),
    'local',
    'default',
    'pod',
    '%F0%9F%A6%84',
  ),
);
const anyPath = fc.array(step, { maxLength: 5 }).map((steps) => `/${steps.join('/')}`);

function filledPath(template: string, known: KnownValues): fc.Arbitrary<string> {
  const parts = template.split(/(\{[^}]+\})/).map((part) => {
    if (!part.startsWith('{')) return fc.constant(part);
    const there = (known[part.slice(1, -1)] ?? []).map(encodeURIComponent);
    return there.length === 0 ? step : fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...there) }, step);
  });
  return fc.tuple(...parts).map((filled) => filled.join(''));
}

/** Lone surrogates can't be sent. */
function encodeURIComponent_(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** Of the one body whose schema is a transformed one, for which zod writes no example. */
const unexampled: Json = { configuration: { coalesceMs: 500, scope: { namespaces: ['shop'] } } };

/** That of the body itself, or of its schema. */
function exampleOf(
  { components }: OpenapiDocument,
  body: OpenapiDocument['paths'][string][string]['requestBody'],
): Json | undefined {
  const media = Object.values(body?.content ?? {})[0] as
    { example?: Json; schema: { $ref?: string; examples?: Json[] } } | undefined;
  if (media?.example !== undefined) return media.example;
  const schema = components.schemas[media?.schema.$ref?.split('/').at(-1) ?? ''] ?? media?.schema;
  return (schema as { examples?: Json[] } | undefined)?.examples?.[0] ?? (media === undefined ? undefined : unexampled);
}

/** The example with one of its places left out or replaced, or as it is. */
function mutated(example: Json): fc.Arbitrary<Json> {
  const places = placesOf(example);
  const change = fc.tuple(fc.constantFrom(...places), fc.option(fc.jsonValue({ maxDepth: 2 }), { nil: undefined }));
  return fc.oneof(
    fc.constant(example),
    change.map(([place, replacement]) => replaced(example, place, replacement as Json | undefined)),
  );
}

function placesOf(json: Json): string[][] {
  if (typeof json !== 'object' || json === null) return [[]];
  return [[], ...Object.entries(json).flatMap(([key, inner]) => placesOf(inner).map((place) => [key, ...place]))];
}

function replaced(json: Json, [key, ...rest]: readonly string[], replacement: Json | undefined): Json {
  if (key === undefined || typeof json !== 'object' || json === null) return replacement ?? null;
  const copy = structuredClone(json) as Record<string, Json>;
  if (rest.length === 0 && replacement === undefined) {
    if (Array.isArray(copy)) copy.splice(Number(key), 1);
    else Reflect.deleteProperty(copy, key);
    return copy;
  }
  copy[key] = replaced(copy[key] ?? null, rest, replacement);
  return copy;
}
