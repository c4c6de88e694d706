import type { BrazeId } from '@hearth/contracts';
import { comparePositions, laterPosition, type Position } from '@hearth/eventing';

/** Users with events that were applied before their turn in the order of the log: rows may be ahead of it. */
export interface UsersAhead {
  add(brazeId: BrazeId, position: Position): void;
  has(brazeId: BrazeId): boolean;
  /** The log is applied up to a position: whoever is ahead no further than that no longer is, now or a little later. */
  reached(position: Position): void;
}

interface Generation {
  readonly users: Set<BrazeId>;
  /** How far the furthest of them is ahead. */
  readonly furthest: Position | undefined;
}

/** Two generations, so that what is added again and again does not keep everything before it from being forgotten. */
export const usersAhead = (): UsersAhead => {
  let young: Generation = { users: new Set(), furthest: undefined };
  let old = young;

  return {
    add: (brazeId, position) => {
      young.users.add(brazeId);
      young = { users: young.users, furthest: laterPosition(young.furthest, position) };
    },
    has: (brazeId) => young.users.has(brazeId) || old.users.has(brazeId),
    reached: (position) => {
      if (old.furthest !== undefined && comparePositions(position, old.furthest) < 0) return;
      if (young.users.size === 0 && old.users.size === 0) return;
      old = young;
      young = { users: new Set(), furthest: undefined };
    },
  };
};
