import { expectDocumented } from './api-document.ts';
import { API_KEY } from './hearth-process.ts';

/** What came back: the status, the headers and the parsed body. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown> & { readonly message: string };
}

export interface CallOptions {
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PostOptions extends CallOptions {
  readonly contentType?: string | null;
}

/** Posts a body, as JSON unless it is text already. Throws where the API's document does not know the answer. */
export const post = (
  url: string,
  path: string,
  body: unknown,
  { contentType = 'application/json', headers, ...options }: PostOptions = {},
): Promise<Answer> =>
  call(url, path, {
    ...options,
    method: 'POST',
    headers: { ...(contentType !== null && { 'content-type': contentType }), ...headers },
    body: typeof body === 'string' ? new TextEncoder().encode(body) : JSON.stringify(body),
  });

/** Asks with a query string. Lists are sent as `name[]`, as clients do. Throws as `post` does. */
export const get = (
  url: string,
  path: string,
  query: Readonly<Record<string, string | readonly string[]>> = {},
  options: CallOptions = {},
): Promise<Answer> => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (typeof value === 'string') search.append(name, value);
    else for (const item of value) search.append(`${name}[]`, item);
  return call(url, search.size === 0 ? path : `${path}?${search}`, { ...options, method: 'GET' });
};

interface Call extends CallOptions {
  readonly method: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

const call = async (
  url: string,
  path: string,
  { key = API_KEY, headers, method, body }: Call,
): Promise<Answer> => {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...(key !== null && { authorization: `Bearer ${key}` }), ...headers },
    ...(body !== undefined && { body }),
  });
  const answer: Answer = {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  };
  const header = (name: string): string | null => response.headers.get(name);
  expectDocumented({ method, path, status: answer.status, header, body: answer.body });
  return answer;
};

export const track = (url: string, body: unknown): Promise<Answer> => post(url, '/users/track', body);
export const trackSync = (url: string, body: unknown): Promise<Answer> =>
  post(url, '/users/track/sync', body);
