import { STATUS_CODES } from 'node:http';
import type { OpenAPIV3_1 } from 'openapi-types';
import { problemMediaType } from '../problems/problem-document.ts';
import { nameSchemas } from './name-schemas.ts';

type Document = OpenAPIV3_1.Document;
type Response = OpenAPIV3_1.ResponseObject;
type Schemas = NonNullable<OpenAPIV3_1.ComponentsObject['schemas']>;

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;
/** What the rest of an address is called in the document: `*` alone tells nobody that it is the id of a run. */
const wildcardName = 'workflowId';
/** What the plugin says of an answer that its route says nothing of. */
const pluginDescription = 'Default Response';
const problemReference = '#/components/schemas/Problem';

/** What the plugins cannot know: media type and headers of the problems, headers of every answer, one name a schema. */
export function finishDocument(document: Document): Document {
  const schemas = document.components?.schemas ?? {};
  const paths = Object.fromEntries(
    Object.entries(document.paths ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, item]) => [path.replace('{*}', `{${wildcardName}}`), finishPath(item ?? {}, schemas)]),
  );
  return nameSchemas({ ...document, paths });
}

function finishPath(item: OpenAPIV3_1.PathItemObject, schemas: Schemas): OpenAPIV3_1.PathItemObject {
  const operations = methods.flatMap((method) => {
    const operation = item[method];
    if (operation === undefined) return [];
    const responses = Object.entries(operation.responses).map(([status, response]) => [
      status,
      '$ref' in response ? response : finishResponse(status, response, schemas),
    ]);
    const parameters = operation.parameters?.map((parameter) =>
      'name' in parameter && parameter.name === '*' ? { ...parameter, name: wildcardName } : parameter,
    );
    const finished = { ...operation, ...(parameters !== undefined && { parameters }) };
    return [[method, { ...finished, responses: Object.fromEntries(responses) as unknown }] as const];
  });
  return { ...item, ...Object.fromEntries(operations) };
}

function finishResponse(status: string, response: Response, schemas: Schemas): Response {
  const schema = Object.values(response.content ?? {})[0]?.schema;
  const reference = schema !== undefined && '$ref' in schema ? schema.$ref : '';
  const problem = reference === problemReference ? schema : undefined;
  const described = schemas[reference.slice(reference.lastIndexOf('/') + 1)]?.description;
  const unsaid = response.description === pluginDescription;
  return {
    ...response,
    description: unsaid ? (described ?? STATUS_CODES[status] ?? status) : response.description,
    headers: { ...response.headers, ...headers(status) },
    ...(problem !== undefined && { content: { [problemMediaType]: { schema: problem } } }),
  };
}

function headers(status: string): NonNullable<Response['headers']> {
  const names = ['X-Request-Id'];
  if (status === '429' || status === '503') names.push('Retry-After');
  if (status === '401' || status === '403') names.push('WWW-Authenticate');
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
