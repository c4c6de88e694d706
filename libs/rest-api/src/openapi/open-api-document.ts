import type { OpenAPIV3_1 } from 'openapi-types';

import { POSITION_HEADER, type Endpoint, type EndpointExample } from '../domain/endpoint.ts';
import { FatalReply, InvalidJsonReply, MessageReply, NoAnswerReply } from './envelopes.ts';
import { schemaComponents, type SchemaComponents } from './schema-components.ts';
import {
  headers,
  headersOf,
  parameterRef,
  parameters,
  responses,
  sharedResponses,
  takesIdempotencyKey,
} from './shared-answers.ts';

export type OpenApiDocument = OpenAPIV3_1.Document & Required<Pick<OpenAPIV3_1.Document, 'components'>>;

const info = {
  title: 'Hearth',
  version: '0.1.0',
  description:
    'A self-hosted backend for customer engagement that speaks the user-data part of Braze’s public REST API. Paths under `/hearth` are its own. Bodies and answers are JSON; answers always have a `message`.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

/** The OpenAPI 3.1 document of endpoints: a pure function of what they declare. */
export const openApiDocument = (endpoints: readonly Endpoint[]): OpenApiDocument => {
  const schemas = schemaComponents();
  for (const schema of [FatalReply, InvalidJsonReply, MessageReply, NoAnswerReply]) schemas.convert(schema);
  const paths: Record<string, OpenAPIV3_1.PathItemObject> = {};
  for (const endpoint of endpoints)
    paths[endpoint.path] = {
      ...paths[endpoint.path],
      [endpoint.method.toLowerCase()]: operation(endpoint, schemas),
    };
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }],
    tags: [...new Set(endpoints.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'A REST API key with the permission named.' },
      },
      parameters,
      headers,
      responses: { ...responses },
      schemas: schemas.all(),
    },
  };
};

const operation = (endpoint: Endpoint, schemas: SchemaComponents): OpenAPIV3_1.OperationObject => {
  const { method, path, permission, summary, body, query, examples = [] } = endpoint;
  return {
    operationId: operationId(method, path),
    summary,
    description: `Needs the permission \`${permission}\`.`,
    tags: [tagOf(endpoint)],
    parameters: [
      ...(query === undefined ? [] : queryParameters(schemas.convert(query))),
      parameterRef('CorrelationId'),
      ...(takesIdempotencyKey(endpoint) ? [parameterRef('IdempotencyKey')] : []),
    ],
    ...(body !== undefined && {
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: schemas.convert(body),
            ...named(examples, ({ request }) => request),
          },
        },
      },
    }),
    responses: { ...ownResponses(endpoint, schemas), ...sharedResponses(endpoint) },
  };
};

const ownResponses = (
  endpoint: Endpoint,
  schemas: SchemaComponents,
): Record<string, OpenAPIV3_1.ResponseObject> => {
  const { method, kind, responses: declared, examples = [] } = endpoint;
  const replayed = takesIdempotencyKey(endpoint);
  const answers: Record<string, OpenAPIV3_1.ResponseObject> = {};
  const statuses = new Set([...Object.keys(declared).map(Number), 400]);
  for (const status of [...statuses].toSorted((one, other) => one - other)) {
    const own = schemas.convert(declared[status] ?? FatalReply);
    // Whatever an endpoint refuses by itself, a body that is no JSON is refused before it is asked.
    const schema =
      status === 400 && method === 'POST' ? { anyOf: [own, schemas.convert(InvalidJsonReply)] } : own;
    const shown = examples.filter((example) => example.status === status);
    answers[status] = {
      description: descriptions[status] ?? 'See its body.',
      headers: headersOf(
        ...(kind === 'write' && status < 300 ? [POSITION_HEADER] : []),
        ...(replayed ? (['Idempotent-Replayed'] as const) : []),
      ),
      content: { 'application/json': { schema, ...named(shown, ({ response }) => response) } },
    };
  }
  return answers;
};

const descriptions: Readonly<Record<number, string>> = {
  200: 'What was asked for.',
  201: 'Carried out; parts that were not are listed in the body.',
  202: 'Accepted; it is carried out in the background.',
  400: 'The request is malformed, over a limit, or holds nothing valid.',
};

const queryParameters = (query: OpenAPIV3_1.SchemaObject): OpenAPIV3_1.ParameterObject[] =>
  Object.entries(query.properties ?? {}).map(
    ([name, schema]) =>
      ({
        name,
        in: 'query',
        required: query.required?.includes(name) ?? false,
        ...(schema.description !== undefined && { description: schema.description }),
        schema,
      }) as OpenAPIV3_1.ParameterObject,
  );

const named = (
  examples: readonly EndpointExample[],
  valueOf: (example: EndpointExample) => unknown,
): { readonly examples?: Record<string, OpenAPIV3_1.ExampleObject> } =>
  examples.length === 0
    ? {}
    : {
        examples: Object.fromEntries(
          examples.map((example) => [example.name, { summary: example.name, value: valueOf(example) }]),
        ),
      };

/** `/users/track/sync` stands under `users`, `/hearth/api_keys` under `hearth`. */
const tagOf = ({ path }: Endpoint): string =>
  path.split('/').find((part) => part !== '' && !/^v\d+$/.test(part)) ?? 'root';

/** `postUsersTrackSync`: what generated clients name their method. */
const operationId = (method: string, path: string): string =>
  method.toLowerCase() +
  path
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
