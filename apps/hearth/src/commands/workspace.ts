import type { Json, JsonObject } from '@hearth/contracts';

import type { CommandContext } from '../context.ts';
import { Failure } from '../failure.ts';
import type { ServerOptions } from '../rest-client.ts';

const ROOT = '/hearth/workspace';

/** Prints what the workspace is set to, as JSON. */
export const showWorkspace = async (
  { server, write }: CommandContext,
  options: ServerOptions,
): Promise<void> => {
  const { message: _, ...settings } = await server(options).get(ROOT);
  await write(`${JSON.stringify(settings, null, 2)}\n`);
};

const textOf = (answer: JsonObject, name: string): string => {
  const value = answer[name];
  if (typeof value !== 'string') throw new Failure(`the server answers without '${name}'; is it a Hearth?`);
  return value;
};

/** Registers an app. Data is its id alone, so that a script can take it. */
export const registerApp = async (
  { server, write }: CommandContext,
  name: string,
  { id, platform, ...options }: ServerOptions & { readonly id?: string; readonly platform?: string },
): Promise<void> => {
  const answer = await server(options).post(`${ROOT}/apps`, {
    name,
    ...(id !== undefined && { app_id: id }),
    ...(platform !== undefined && { platform }),
  });
  await write(`${textOf(answer, 'app_id')}\n`);
};

/** Creates a subscription group. Data is its id alone. */
export const createGroup = async (
  { server, write }: CommandContext,
  name: string,
  { id, channel, ...options }: ServerOptions & { readonly id?: string; readonly channel: string },
): Promise<void> => {
  const answer = await server(options).post(`${ROOT}/subscription_groups`, {
    name,
    channel,
    ...(id !== undefined && { id }),
  });
  await write(`${textOf(answer, 'id')}\n`);
};

/** The blocklists of a workspace, by the words of the API. */
export const BLOCKLISTS = ['attributes', 'events', 'external_ids'] as const;

/** Adds names to a blocklist or takes them off it, and prints what it holds then, a name a line. */
export const changeBlocklist = async (
  { server, write }: CommandContext,
  change: { readonly list: string; readonly add?: readonly string[]; readonly remove?: readonly string[] },
  options: ServerOptions,
): Promise<void> => {
  const { list, add = [], remove = [] } = change;
  const { names } = await server(options).post(`${ROOT}/blocklists`, {
    list,
    add: [...add],
    remove: [...remove],
  });
  if (!Array.isArray(names)) throw new Failure("the server answers without 'names'; is it a Hearth?");
  for (const name of names as readonly Json[]) if (typeof name === 'string') await write(`${name}\n`);
};

/** Holds an attribute to a data type; null takes that back. */
export const forceType = async (
  { server, say }: CommandContext,
  { name, type }: { readonly name: string; readonly type: string | null },
  options: ServerOptions,
): Promise<void> => {
  await server(options).post(`${ROOT}/attribute_types`, { name, data_type: type });
  say(type === null ? `${name} takes any type` : `${name} is held to ${type} from now on`);
};

/** Sets how many items a list keeps; null takes that back. */
export const limitList = async (
  { server, say }: CommandContext,
  { name, limit }: { readonly name: string; readonly limit: number | null },
  options: ServerOptions,
): Promise<void> => {
  await server(options).post(`${ROOT}/list_limits`, { name, limit });
  say(limit === null ? `${name} keeps the default number of items` : `${name} keeps ${limit} items`);
};
