import { API_KEY } from './hearth-process.ts';

/** What came back: the status, the headers and the parsed body. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown> & { readonly message: string };
}

export interface PostOptions {
  readonly key?: string | null;
  readonly contentType?: string | null;
}

/** Posts a body, as JSON unless it is text already. */
export const post = async (
  url: string,
  path: string,
  body: unknown,
  { key = API_KEY, contentType = 'application/json' }: PostOptions = {},
): Promise<Answer> => {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(contentType !== null && { 'content-type': contentType }),
    },
    body: typeof body === 'string' ? new TextEncoder().encode(body) : JSON.stringify(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  };
};

export const track = (url: string, body: unknown): Promise<Answer> => post(url, '/users/track', body);
export const trackSync = (url: string, body: unknown): Promise<Answer> =>
  post(url, '/users/track/sync', body);
