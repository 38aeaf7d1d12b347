import type { OpenAPIV3_1 } from 'openapi-types';

type Document = OpenAPIV3_1.Document;
type Schemas = NonNullable<OpenAPIV3_1.ComponentsObject['schemas']>;

const prefix = '#/components/schemas/';
const inputSuffix = 'Input';

/**
 * The plugin describes each named schema twice, for requests with `Input` behind its name. This keeps those that
 * something refers to, and drops the suffix where only one of the two is left; sorted, so that the text is stable.
 */
export function nameSchemas(document: Document): Document {
  const schemas = document.components?.schemas ?? {};
  const used = reachable(document, schemas);
  const finalName = (name: string): string => {
    const plain = name.endsWith(inputSuffix) ? name.slice(0, -inputSuffix.length) : name;
    return plain === name || used.has(plain) || !(plain in schemas) ? name : plain;
  };
  const kept = [...used].sort().map((name) => [finalName(name), schemas[name]]);
  return rewriteReferences(
    { ...document, components: { ...document.components, schemas: Object.fromEntries(kept) as Schemas } },
    finalName,
  );
}

/** Names that the paths refer to, also by way of other schemas. */
function reachable(document: Document, schemas: Schemas): Set<string> {
  const found = new Set<string>();
  const open = [...references(document.paths)];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(...references(schemas[name]));
  }
  return found;
}

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) =>
    key === '$ref' && typeof member === 'string' && member.startsWith(prefix)
      ? [member.slice(prefix.length)]
      : references(member),
  );
}

function rewriteReferences(document: Document, finalName: (name: string) => string): Document {
  const text = JSON.stringify(document, (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' && value.startsWith(prefix)
      ? prefix + finalName(value.slice(prefix.length))
      : value,
  );
  return JSON.parse(text) as Document;
}
