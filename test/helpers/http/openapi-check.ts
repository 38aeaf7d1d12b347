import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** The parts of the served document that answers are held against. */
export interface OpenapiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

export interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: object }>> }>>;
}

export interface FoundOperation {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

/** Finds the operation of a request and says what in its answer is not as documented. */
export interface OpenapiCheck {
  find(method: string, path: string): FoundOperation | undefined;
  /** Throws an Error that names what differs. An answer of no operation must be a problem document. */
  checkAnswer(found: FoundOperation | undefined, answer: CheckedAnswer): void;
}

export interface CheckedAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly text: string;
  /** Answers to HEAD have none. */
  readonly withBody: boolean;
}

const root = 'openapi';
/** What any operation may answer, as the top of the document says. */
const anywhere = new Set([408, 431]);

export function createOpenapiCheck(document: OpenapiDocument): OpenapiCheck {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  addFormats.default(ajv);
  ajv.addSchema(document, root);
  const compiled = new Map<string, ValidateFunction>();
  const validator = (pointer: string): ValidateFunction => {
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `${root}#${pointer}` });
    compiled.set(pointer, known);
    return known;
  };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation, expression: expression(path) })),
  );

  const fail = (where: string, what: string, { text }: CheckedAnswer): never => {
    throw new Error(`${where}: ${what}\n${text.slice(0, 2000)}`);
  };

  return {
    find: (method, path) =>
      // An address that cannot be decoded is of no operation.
      !isDecodable(path)
        ? undefined
        : operations
            .filter((operation) => operation.method === method.toLowerCase() && operation.expression.test(path))
            .sort((a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')))[0],
    checkAnswer(found, answer) {
      const type = answer.contentType?.split(';', 1)[0]?.trim();
      const where = `${found === undefined ? 'no operation' : found.operation.operationId} ${answer.status}`;
      if (found === undefined || anywhere.has(answer.status)) {
        if (type !== 'application/problem+json') fail(where, `has content type ${type}`, answer);
        if (answer.withBody) run(validator('/components/schemas/Problem'), where, answer);
        return;
      }
      const response = found.operation.responses[String(answer.status)];
      if (response === undefined) return fail(where, 'this status is not documented', answer);
      const types = Object.keys(response.content ?? {});
      if (types.length === 0) {
        if (answer.text !== '') fail(where, 'has a body, documented without one', answer);
        return;
      }
      if (type === undefined || !types.includes(type))
        fail(where, `has content type ${type}, not ${types.join()}`, answer);
      if (!answer.withBody) return;
      const pointer = ['paths', found.path, found.method, 'responses', String(answer.status), 'content', type ?? ''];
      run(validator(`/${[...pointer, 'schema'].map(escapeStep).join('/')}`), where, answer);
    },
  };

  function run(validate: ValidateFunction, where: string, answer: CheckedAnswer): void {
    const json = answer.contentType?.includes('json') === true;
    const value: unknown = json ? JSON.parse(answer.text) : answer.text;
    if (!validate(value)) fail(where, ajv.errorsText(validate.errors, { dataVar: 'answer' }), answer);
  }
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function expression(path: string): RegExp {
  const source = path
    .split(/(\{[^}]+\})/)
    .map((part) => {
      // The one parameter that may hold slashes.
      if (part === '{workflowId}') return '.+';
      return part.startsWith('{') ? '[^/]+' : part.replaceAll(/[^\w/-]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`);
}

/** As in a JSON pointer that is part of an address. */
function escapeStep(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}
