import type { BrazeId } from '@hearth/contracts';
import { inOnePiece } from '@hearth/eventing';
import { lookupKeysOf, sameLookups } from '../domain/lookups.ts';
import type { Standing } from './standing.ts';

/**
 * Profiles that are applied and not yet written down, with an index of everything they are found by. What it holds for a
 * user goes before the user's row.
 */
export interface Overlay {
  readonly size: number;
  get(brazeId: BrazeId): Standing | undefined;
  has(brazeId: BrazeId): boolean;
  /** What the user's row says, or said when the profile came to be held; undefined where there is no row. */
  writtenOf(brazeId: BrazeId): Standing | undefined;
  /** `before` is the profile as it stood until now: the row's, where none is held yet. */
  set(brazeId: BrazeId, standing: Standing, before: Standing | undefined): void;
  /** Lets go of a profile that was written down, unless a newer one has taken its place. */
  release(brazeId: BrazeId, written: Standing): void;
  /** Who is found by this key now. */
  carriersOf(key: string): Iterable<BrazeId>;
  /** Everything held now; what is set meanwhile is not in it. */
  entries(): readonly (readonly [BrazeId, Standing])[];
}

/** Emptied before it leaves its map (decision 21). */
interface Held {
  standing: Standing | undefined;
  written: Standing | undefined;
}

export const createOverlay = (): Overlay => {
  const held = new Map<BrazeId, Held>();
  /** Whoever sets a profile has mostly just looked at it: one look-up among many users serves both. */
  let lastId: BrazeId | undefined;
  let last: Held | undefined;
  const find = (brazeId: BrazeId): Held | undefined => {
    lastId = brazeId;
    return (last = held.get(brazeId));
  };
  /** Nearly every key names one user, who then stands here without a set around. */
  const carriers = new Map<string, BrazeId | Set<BrazeId>>();

  const unlist = (key: string, brazeId: BrazeId): void => {
    const listed = carriers.get(key);
    if (listed === brazeId) carriers.delete(key);
    else if (listed instanceof Set && listed.delete(brazeId) && listed.size === 0) carriers.delete(key);
  };
  const list = (key: string, brazeId: BrazeId): void => {
    const listed = carriers.get(key);
    if (listed === undefined) carriers.set(key, brazeId);
    else if (listed instanceof Set) listed.add(brazeId);
    else carriers.set(key, new Set([listed, brazeId]));
  };
  const reindex = (brazeId: BrazeId, old: Standing | undefined, now: Standing | undefined): void => {
    if (sameLookups(old?.profile, now?.profile)) return;
    for (const key of lookupKeysOf(old?.profile)) unlist(key, brazeId);
    for (const key of lookupKeysOf(now?.profile)) list(key, brazeId);
  };

  return {
    get size() {
      return held.size;
    },
    get: (brazeId) => find(brazeId)?.standing,
    has: (brazeId) => held.has(brazeId),
    writtenOf: (brazeId) => held.get(brazeId)?.written,
    set(brazeId, standing, before) {
      const known = brazeId === lastId ? last : find(brazeId);
      reindex(brazeId, known?.standing, standing);
      if (known) known.standing = standing;
      else held.set(inOnePiece(brazeId), (last = { standing, written: before }));
    },
    release(brazeId, written) {
      const known = held.get(brazeId);
      if (known === undefined) return;
      known.written = written;
      if (known.standing !== written) return;
      reindex(brazeId, written, undefined);
      known.standing = known.written = undefined;
      held.delete(brazeId);
      lastId = last = undefined;
    },
    carriersOf(key) {
      const listed = carriers.get(key);
      return listed === undefined ? [] : listed instanceof Set ? listed : [listed];
    },
    entries: () => [...held].map(([brazeId, { standing }]) => [brazeId, standing!] as const),
  };
};
