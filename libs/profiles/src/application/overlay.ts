import type { BrazeId } from '@hearth/contracts';
import { contactOf, type Standing } from './standing.ts';

/**
 * Profiles that are applied and not yet written down, with an index of their emails and phones. What it holds for a user
 * goes before the user's row.
 */
export interface Overlay {
  readonly size: number;
  get(brazeId: BrazeId): Standing | undefined;
  has(brazeId: BrazeId): boolean;
  set(brazeId: BrazeId, standing: Standing): void;
  /** Lets go of a profile that was written down, unless a newer one has taken its place. */
  release(brazeId: BrazeId, written: Standing): void;
  /** Who carries this email or phone now. */
  carriersOf(kind: 'email' | 'phone', value: string): Iterable<BrazeId>;
  /** Everything held now; what is set meanwhile is not in it. */
  entries(): readonly (readonly [BrazeId, Standing])[];
}

const contacts = ['email', 'phone'] as const;

export const createOverlay = (): Overlay => {
  const held = new Map<BrazeId, Standing>();
  const carriers = { email: new Map<string, Set<BrazeId>>(), phone: new Map<string, Set<BrazeId>>() };

  const unlist = (kind: 'email' | 'phone', value: string, brazeId: BrazeId): void => {
    const listed = carriers[kind].get(value);
    if (listed?.delete(brazeId) && listed.size === 0) carriers[kind].delete(value);
  };
  const list = (kind: 'email' | 'phone', value: string, brazeId: BrazeId): void => {
    const listed = carriers[kind].get(value);
    if (listed) listed.add(brazeId);
    else carriers[kind].set(value, new Set([brazeId]));
  };
  const reindex = (brazeId: BrazeId, old: Standing | undefined, now: Standing | undefined): void => {
    for (const kind of contacts) {
      const before = old === undefined ? null : contactOf(old.profile, kind);
      const after = now === undefined ? null : contactOf(now.profile, kind);
      if (before === after) continue;
      if (before !== null) unlist(kind, before, brazeId);
      if (after !== null) list(kind, after, brazeId);
    }
  };

  return {
    get size() {
      return held.size;
    },
    get: (brazeId) => held.get(brazeId),
    has: (brazeId) => held.has(brazeId),
    set(brazeId, standing) {
      reindex(brazeId, held.get(brazeId), standing);
      held.set(brazeId, standing);
    },
    release(brazeId, written) {
      if (held.get(brazeId) !== written) return;
      reindex(brazeId, written, undefined);
      held.delete(brazeId);
    },
    carriersOf: (kind, value) => carriers[kind].get(value) ?? [],
    entries: () => [...held],
  };
};
