import type { Json, JsonObject } from '@hearth/contracts';

import { Failure } from './failure.ts';

/** Calls the REST API of a running server. Throws a `Failure` that says what the server said, or why it could not be asked. */
export interface RestClient {
  get(path: string, query?: Readonly<Record<string, string>>): Promise<JsonObject>;
  post(path: string, body: Json): Promise<JsonObject>;
}

/** Which server, and the key that it is called with: options of every command that calls one. */
export interface ServerOptions {
  readonly url?: string;
  readonly apiKey?: string;
}

const TIMEOUT_MS = 30_000;

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
};

const hintOf = (status: number): string =>
  status === 401
    ? '; --api-key or HEARTH_API_KEY names the key'
    : status === 403
      ? '; the key lacks the permission, or may not be used from here'
      : '';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const readAnswer = async (response: Response): Promise<JsonObject> => {
  const body: unknown = await response.json().catch(() => undefined);
  const message =
    isObject(body) && typeof body['message'] === 'string' ? body['message'] : response.statusText;
  if (!response.ok)
    throw new Failure(`the server answers ${response.status}: ${message}${hintOf(response.status)}`);
  if (!isObject(body)) throw new Failure('the server answers with something else than JSON; is it a Hearth?');
  return body;
};

/** A client of the server at `url` that ends its calls when `signal` does. */
export const restClient = (
  { url, apiKey }: { readonly url: string; readonly apiKey: string | undefined },
  signal: AbortSignal,
): RestClient => {
  if (apiKey === undefined)
    throw new Failure('there is no API key; name one with --api-key or HEARTH_API_KEY');
  const root = url.replace(/\/+$/, '');
  const call = async (path: string, body?: Json): Promise<JsonObject> => {
    let response;
    try {
      response = await fetch(`${root}${path}`, {
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
    } catch (error) {
      throw new Failure(`no answer from ${root}: ${reasonOf(error)}; --url names another server`, {
        cause: error,
      });
    }
    return readAnswer(response);
  };
  return {
    get: (path, query = {}) => {
      const search = new URLSearchParams(query).toString();
      return call(search === '' ? path : `${path}?${search}`);
    },
    post: call,
  };
};
