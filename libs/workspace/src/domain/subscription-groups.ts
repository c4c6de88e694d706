import { isUuid } from '@hearth/contracts';

/** The id of a subscription group as it is stored and compared: ids are UUIDs, which mean the same in either case. */
export const groupIdOf = (sent: string): string => sent.toLowerCase();

/** Whether an id as `groupIdOf` makes it can be a group's. */
export const isGroupId = (id: string): boolean => isUuid(id);

/**
 * Reads the id of a group of the workspace; while it has none, every UUID names one (user-data API §4.3).
 *
 * @returns the id as it is stored, or undefined where what was sent names no group.
 */
export const readGroupId = (
  sent: unknown,
  groups: { readonly size: number; readonly has: (id: string) => boolean } | null,
): string | undefined => {
  if (typeof sent !== 'string') return undefined;
  const id = groupIdOf(sent);
  return (groups === null || groups.size === 0 ? isGroupId(id) : groups.has(id)) ? id : undefined;
};
