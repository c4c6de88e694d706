import { z } from 'zod';

import type { CommandContext } from '../context.ts';
import { Failure } from '../failure.ts';
import type { ServerOptions } from '../rest-client.ts';

export interface CreateApiKeyOptions extends ServerOptions {
  readonly name: string;
  readonly permission: readonly string[];
  readonly allow?: readonly string[];
}

const Created = z.looseObject({ key: z.string(), id: z.string() });
const Listed = z.looseObject({ api_keys: z.array(z.looseObject({ id: z.string() })) });

const read = <Schema extends z.ZodType>(schema: Schema, answer: unknown): z.output<Schema> => {
  const result = schema.safeParse(answer);
  if (!result.success)
    throw new Failure('the server answers with something else than was asked; is it a Hearth?');
  return result.data;
};

/** Makes a key. Data is the key alone, so that a script can take it. */
export const createApiKey = async (
  { server, write, say }: CommandContext,
  { name, permission, allow = [], ...options }: CreateApiKeyOptions,
): Promise<void> => {
  const answer = await server(options).post('/hearth/api_keys', {
    name,
    permissions: [...permission],
    ip_allowlist: [...allow],
  });
  const { key, id } = read(Created, answer);
  await write(`${key}\n`);
  say(`this is the only time that the key is shown; its id is ${id}`);
};

/** One JSON object a line. */
export const listApiKeys = async (
  { server, write }: CommandContext,
  options: ServerOptions,
): Promise<void> => {
  const { api_keys } = read(Listed, await server(options).get('/hearth/api_keys'));
  for (const key of api_keys) await write(`${JSON.stringify(key)}\n`);
};

export const revokeApiKey = async (
  { server, say }: CommandContext,
  id: string,
  options: ServerOptions,
): Promise<void> => {
  await server(options).post('/hearth/api_keys/revoke', { id });
  say(`${id} is revoked`);
};
