import type { Random } from './random.ts';

export type Headers = Record<string, string>;

/** Headers that servers, proxies and parsers stumble over. Those of the connection are left out: they are not ours. */
const garbage: readonly (readonly [string, readonly string[]])[] = [
  [
    'content-type',
    [
      'text/plain',
      'application/json; charset=utf-16',
      'application/JSON',
      'multipart/form-data',
      'application/json;;',
      '',
    ],
  ],
  [
    'authorization',
    ['', 'Bearer', 'Bearer  two-spaces', 'bearer x', `Bearer ${'k'.repeat(4_000)}`, 'Basic eDp5', 'Bearer é'],
  ],
  ['x-correlation-id', ['', 'a b', 'x'.repeat(500), '{"a":1}', '*', '../..']],
  ['idempotency-key', ['', ' ', 'k', 'x'.repeat(255), 'x'.repeat(256), '*.>', 'é']],
  ['content-encoding', ['gzip', 'identity', 'br']],
  ['accept', ['text/html', '*/*;q=0', '']],
  ['x-forwarded-for', ['127.0.0.1', '::1, 10.0.0.1', 'unknown', 'x'.repeat(300)]],
  ['x-http-method-override', ['DELETE']],
  ['x-braze-bulk', ['true', '']],
  ['if-none-match', ['*']],
  ['range', ['bytes=0-1']],
  ['cookie', ['a=b; '.repeat(200)]],
  ['__proto__', ['1']],
  ['constructor', ['1']],
];

/** Sets one header to something that nobody should send. */
export const spoilHeaders = (headers: Headers, random: Random): Headers => {
  const [name, values] = random.pick(garbage);
  return { ...headers, [name]: Buffer.from(random.pick(values), 'utf8').toString('latin1') };
};

/** Leads a path astray. */
export const spoilPath = (path: string, random: Random): string =>
  random.pick([
    `${path}/`,
    `${path}/x`,
    `${path}?a=1&a[]=2&__proto__[x]=1`,
    `${path}?${'q'.repeat(2_000)}`,
    path.toUpperCase(),
    `/${path}`,
    path.replace('/users', '/users/.'),
    `${path}%00`,
    `${path}%2f..`,
    '/__proto__',
    '/%E0%A4%A',
  ]);
