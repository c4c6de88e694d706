import type { OpenAPIV3_1 } from 'openapi-types';

import { POSITION_HEADER, type Endpoint } from '../domain/endpoint.ts';

type Header = OpenAPIV3_1.HeaderObject;
type Response = OpenAPIV3_1.ResponseObject;
export type Ref = OpenAPIV3_1.ReferenceObject;

export const headerRef = (name: HeaderName): Ref => ({ $ref: `#/components/headers/${name}` });
export const responseRef = (name: string): Ref => ({ $ref: `#/components/responses/${name}` });
export const schemaRef = (id: string): Ref => ({ $ref: `#/components/schemas/${id}` });
export const parameterRef = (name: string): Ref => ({ $ref: `#/components/parameters/${name}` });

const text = (description: string, more: object = {}): Header => ({
  description,
  schema: { type: 'string', ...more },
});
const count = (description: string): Header => ({ description, schema: { type: 'integer', minimum: 0 } });

/** Headers that answers share (user-data API §3). */
export const headers = {
  'X-Correlation-Id': {
    ...text('Names this call in logs and events: the one that was sent, or a new one.'),
    required: true,
  },
  'X-RateLimit-Limit': count('Requests allowed in the window; a thousand millions where nothing is limited.'),
  'X-RateLimit-Remaining': count('Requests left in the window.'),
  'X-RateLimit-Reset': count('When the window begins anew: UTC epoch seconds, or the seconds left.'),
  'X-Ratelimit-Retry-After': count('Seconds until the window begins anew.'),
  'Retry-After': count('Seconds after which the request may be sent again.'),
  [POSITION_HEADER]: text(
    'Where the log stands with this write: a read with it as `min_position` sees the write. Absent where nothing was written.',
  ),
  'Idempotent-Replayed': text(
    '`true` where this is the kept answer to an earlier request with the same key; of one about somebody who was erased since, only `message` is kept.',
    {
      const: 'true',
    },
  ),
} as const satisfies Record<string, Header>;

export type HeaderName = keyof typeof headers;

const always: readonly HeaderName[] = ['X-Correlation-Id'];
const limited: readonly HeaderName[] = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'];

/** Headers of every answer, and those of the names given. */
export const headersOf = (...names: readonly HeaderName[]): Record<string, Ref> =>
  Object.fromEntries([...always, ...limited, ...names].map((name) => [name, headerRef(name)]));

const jsonOf = (schema: string, message?: string) => ({
  'application/json': {
    schema: schemaRef(schema),
    ...(message !== undefined && { example: { message } }),
  },
});

const refusal = (description: string, message: string, ...names: readonly HeaderName[]): Response => ({
  description,
  headers: headersOf(...names),
  content: jsonOf('MessageReply', message),
});

/** Answers that endpoints share, by the names they have among the document's components (user-data API §1 to §4). */
export const responses: Readonly<Record<string, Response>> = {
  Unauthorized: refusal('No key, or one that is not known.', 'Invalid API Key'),
  Forbidden: refusal('The key lacks the permission, or may not be used from this address.', 'Access Denied'),
  // Limits are those of endpoints: a path that is none has no headers of them.
  NotFound: {
    ...refusal('There is nothing at this path, or not for this method.', 'Not Found'),
    headers: { 'X-Correlation-Id': headerRef('X-Correlation-Id') },
  },
  Conflict: refusal(
    'The `Idempotency-Key` was used before, with another body.',
    'This Idempotency-Key was used before with another body. A request that differs needs a key of its own.',
  ),
  Gone: refusal(
    'The `Idempotency-Key` came with a request about somebody who was erased since, answer and all.',
    'What this Idempotency-Key was used for is erased.',
  ),
  TooLarge: refusal('The body is larger than the endpoint takes.', 'Request Entity Too Large'),
  UnsupportedMediaType: refusal(
    'The body is not announced as `application/json`, or is compressed.',
    'Unsupported Media Type',
  ),
  RateLimited: refusal(
    'Too many requests in the window.',
    'Rate limited',
    'X-Ratelimit-Retry-After',
    'Retry-After',
  ),
  Unavailable: refusal(
    'A part is away or busy, or a request with the same `Idempotency-Key` is being worked on. Nothing was stored: send it again.',
    'Service Unavailable',
    'Retry-After',
  ),
  NoAnswer: {
    description:
      'No answer in time. A write may have been stored, and surely was where `X-Hearth-Position` is given: do not send it again without an `Idempotency-Key`.',
    headers: headersOf(POSITION_HEADER),
    content: jsonOf(
      'NoAnswerReply',
      'No answer in time: the request may have been stored. Look before you send it again.',
    ),
  },
};

/** An answer that is a secret is not kept, so there is nothing to repeat. */
export const takesIdempotencyKey = ({
  kind,
  answerIsSecret,
}: Pick<Endpoint, 'kind' | 'answerIsSecret'>): boolean => kind === 'write' && answerIsSecret !== true;

/** Which of the shared answers an endpoint may give, by status. */
export const sharedResponses = (
  endpoint: Pick<Endpoint, 'method' | 'kind' | 'answerIsSecret'>,
): Readonly<Record<string, Ref>> => ({
  401: responseRef('Unauthorized'),
  403: responseRef('Forbidden'),
  ...(takesIdempotencyKey(endpoint) && { 409: responseRef('Conflict'), 410: responseRef('Gone') }),
  ...(endpoint.method === 'POST' && {
    413: responseRef('TooLarge'),
    415: responseRef('UnsupportedMediaType'),
  }),
  429: responseRef('RateLimited'),
  503: responseRef('Unavailable'),
  504: responseRef('NoAnswer'),
});

/** Parameters that endpoints share. */
export const parameters = {
  CorrelationId: {
    name: 'X-Correlation-Id',
    in: 'header',
    description: 'A name of the caller’s own for this call: 1 to 128 of the characters `A-Za-z0-9._:/+=@-`.',
    schema: { type: 'string', minLength: 1, maxLength: 128 },
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Makes a write safe to send again: the same key with the same body is carried out once. Bare, or in double quotes.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
} as const satisfies Record<string, OpenAPIV3_1.ParameterObject>;
