import type { BrazeId, NameKind } from '@hearth/contracts';
import { furtherKeysOf, sameLookups } from '../domain/lookups.ts';
import { countNames } from '../domain/name-counts.ts';
import type { Profile } from '../domain/profile.ts';
import type { DerivedRows, NameCount } from './read-model.ts';

/** Gathers what else has to be written with some rows. */
export interface DerivedRowsOf {
  /** Takes in a profile whose row is about to say `after` in the place of `before`. */
  add(brazeId: BrazeId, before: Profile | undefined, after: Profile): void;
  /** Undefined where nothing has to be written beside the rows. */
  rows(): DerivedRows | undefined;
}

/** What hangs on profiles beside their rows, as the difference to what is written: mostly nothing. */
export const derivedRows = (): DerivedRowsOf => {
  const added: (readonly [string, BrazeId])[] = [];
  const removed: (readonly [string, BrazeId])[] = [];
  const counts = { custom_event: new Map<string, number>(), product: new Map<string, number>() };

  const count = (kind: NameKind, name: string, change: number): void =>
    void counts[kind].set(name, (counts[kind].get(name) ?? 0) + change);

  const countsOf = (kind: NameKind): NameCount[] =>
    [...counts[kind]].filter(([, change]) => change !== 0).map(([name, change]) => ({ kind, name, change }));

  return {
    add(brazeId, before, after) {
      if (!sameLookups(before, after)) {
        const [old, now] = [furtherKeysOf(before), furtherKeysOf(after)];
        for (const key of old) if (!now.includes(key)) removed.push([key, brazeId]);
        for (const key of now) if (!old.includes(key)) added.push([key, brazeId]);
      }
      countNames(before, after, count);
    },
    rows() {
      const nameCounts = [...countsOf('custom_event'), ...countsOf('product')];
      return added.length + removed.length + nameCounts.length === 0
        ? undefined
        : { addedIdentifiers: added, removedIdentifiers: removed, nameCounts };
    },
  };
};
