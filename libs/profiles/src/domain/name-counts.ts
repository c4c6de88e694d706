import type { NameKind } from '@hearth/contracts';
import { own, type Entries } from './own-properties.ts';
import type { Profile } from './profile.ts';

/**
 * Tells which names a profile gained or lost: custom events it met, products it bought. Counted over all profiles, that
 * gives the names of the workspace, and it depends on nothing but the profiles that there are: so a rebuild after erasures
 * counts the same.
 */
export const countNames = (
  before: Profile | undefined,
  after: Profile | undefined,
  count: (kind: NameKind, name: string, change: 1 | -1) => void,
): void => {
  const [old, now] = [activeOf(before), activeOf(after)];
  compare(old?.custom_events, now?.custom_events, (name, change) => count('custom_event', name, change));
  compare(old?.purchases, now?.purchases, (name, change) => count('product', name, change));
};

const activeOf = (profile: Profile | undefined) => (profile?.status === 'active' ? profile : undefined);

const compare = (
  before: Entries<unknown> | undefined,
  after: Entries<unknown> | undefined,
  count: (name: string, change: 1 | -1) => void,
): void => {
  // Versions of one profile share what did not change.
  if (before === after) return;
  for (const name of Object.keys(after ?? {}))
    if (before === undefined || own(before, name) === undefined) count(name, 1);
  for (const name of Object.keys(before ?? {}))
    if (after === undefined || own(after, name) === undefined) count(name, -1);
};
