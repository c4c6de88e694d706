import type { OpenApiDocument } from '../openapi/open-api-document.ts';
import { documentSchemas } from './document-schemas.ts';

/** An answer as a client sees it. */
export interface SeenAnswer {
  readonly method: string;
  /** With or without a query string. */
  readonly path: string;
  readonly status: number;
  readonly header: (name: string) => string | null | undefined;
  /** Parsed. */
  readonly body: unknown;
}

interface Documented {
  readonly headers?: Readonly<Record<string, { readonly $ref?: string; readonly required?: boolean }>>;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}

/** Says what of an answer the document does not say, in a line each; nothing for one that conforms. */
export type CheckAnswer = (answer: SeenAnswer) => string[];

/**
 * Holds answers against a document: the status is listed, its required headers are there, its body fits the schema and has no
 * key that the schema does not name. A path that the document lacks has to be answered as not found.
 */
export const checkAnswersBy = (document: OpenApiDocument): CheckAnswer => {
  const { operation, resolve, problemsOf } = documentSchemas(closeObjects(document));
  return ({ method, path, status, header, body }) => {
    const what = `${method} ${path} ${status}`;
    const documented = operation(method, path) as
      { readonly responses: Record<string, Documented> } | undefined;
    if (documented === undefined && status !== 404) return [`${what}: the document lacks this path`];
    const listed = documented?.responses[status] ?? (documented ? undefined : { $ref: NOT_FOUND });
    if (listed === undefined) return [`${what}: the document lists no such status`];
    const { headers = {}, content } = resolve<Documented>(listed);
    const problems = Object.entries(headers)
      .filter(
        ([name, declared]) => resolve<{ required?: boolean }>(declared).required === true && !header(name),
      )
      .map(([name]) => `${what}: without the header ${name}`);
    if (!header('content-type')?.startsWith('application/json')) return [...problems, `${what}: is no JSON`];
    // Of an answer about somebody who was erased, a repeat has the message alone (see the header's description).
    if (header('idempotent-replayed') === 'true' && isMessageAlone(body)) return problems;
    const schema = content?.['application/json']?.schema;
    return [...problems, ...(schema ? problemsOf(schema, body).map((problem) => `${what}: ${problem}`) : [])];
  };
};

const isMessageAlone = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && Object.keys(body).join() === 'message';

const NOT_FOUND = '#/components/responses/NotFound';

/** In answers a key that no schema names is a mistake: an object that does not say whether there are others has none. */
const closeObjects = (document: OpenApiDocument): OpenApiDocument =>
  JSON.parse(JSON.stringify(document), (_key, value: unknown) =>
    isObjectSchema(value) && !('additionalProperties' in value)
      ? { ...value, additionalProperties: false }
      : value,
  ) as OpenApiDocument;

const isObjectSchema = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  'properties' in value &&
  'type' in value &&
  value.type === 'object';
