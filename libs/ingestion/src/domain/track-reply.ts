import type { JsonObject, ProfileSelect, SelectedProfile } from '@hearth/contracts';

import type { IdentifierEcho, ObjectError, ProcessedCounts } from './parsing/index.ts';

/** The answer to an accepted `/users/track` (user-data API §5.2). */
export interface TrackReply extends ProcessedCounts {
  readonly message: 'success';
  readonly errors?: readonly ObjectError[];
}

export const trackReply = (processed: ProcessedCounts, errors: readonly ObjectError[]): TrackReply => ({
  message: 'success',
  ...processed,
  ...(errors.length > 0 && { errors }),
});

/** The answer to an accepted `/users/track/sync`: the user as the request named it, with what the request named of it. */
export interface TrackSyncReply {
  readonly users: readonly (IdentifierEcho & SelectedProfile)[];
  readonly message: 'success';
}

/** Nobody was found and nobody was to be created (user-data API §6.2). */
export const nobody: TrackSyncReply = { users: [], message: 'success' };

/**
 * Lists what the profile has of the selected parts. A custom attribute that the request removed stands as null; one that it
 * named and the profile lacks is left out (user-data API §6.2).
 */
export const trackSyncReply = (
  echo: IdentifierEcho,
  select: ProfileSelect,
  profile: SelectedProfile | null,
  removed: readonly string[],
): TrackSyncReply => {
  const { custom_attributes: stored, ...rest } = profile ?? {};
  const user = select.custom_attributes?.length
    ? { ...echo, custom_attributes: withNulls(stored ?? {}, removed), ...rest }
    : { ...echo, ...rest };
  return { users: [user], message: 'success' };
};

const withNulls = (stored: JsonObject, removed: readonly string[]): JsonObject => {
  if (removed.length === 0) return stored;
  const missing = removed.filter((name) => !Object.hasOwn(stored, name));
  return missing.length === 0
    ? stored
    : Object.fromEntries([...Object.entries(stored), ...missing.map((name) => [name, null])]);
};
