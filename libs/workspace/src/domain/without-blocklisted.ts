import type { Json, JsonObject } from '@hearth/contracts';

import type { Workspace } from './workspace.ts';

/**
 * The custom attributes of a profile as the workspace shows them: values of blocklisted names stay in the profile and are
 * hidden (user-data API §8.1). The same object where nothing has to be hidden.
 */
export const withoutBlocklisted = (
  attributes: JsonObject,
  { blocklistedAttributes: hidden }: Pick<Workspace, 'blocklistedAttributes'>,
): JsonObject => {
  if (hidden.size === 0) return attributes;
  const names = Object.keys(attributes);
  if (!names.some((name) => hidden.has(name))) return attributes;
  const shown = Object.create(null) as { [name: string]: Json };
  for (const name of names) if (!hidden.has(name)) shown[name] = attributes[name]!;
  return shown;
};
