import type { BrazeId } from '@hearth/contracts';
import { compactTable } from '@hearth/eventing';

/** The revisions of very many users, at 16 bytes each. Ids are 24 hex digits of a keyed hash (see `IdentityKeys`). */
export interface UserRevisions {
  get(brazeId: BrazeId): number | undefined;
  set(brazeId: BrazeId, revision: number): void;
  delete(brazeId: BrazeId): void;
  /** True where nothing was ever set. */
  readonly isEmpty: boolean;
}

const KEY_WORDS = 3;

/** Keeps between one and two times `capacity` at most: of those set longest ago half are forgotten at once. */
export const userRevisions = (capacity: number): UserRevisions => {
  const table = compactTable({ keyWords: KEY_WORDS, valueWords: 1, capacity });
  const readKey = (brazeId: BrazeId): void => {
    for (let word = 0; word < KEY_WORDS; word += 1)
      table.key[word] = Number.parseInt(brazeId.slice(word * 8, word * 8 + 8), 16);
  };
  return {
    get: (brazeId) => {
      readKey(brazeId);
      return table.read() ? table.value[0] : undefined;
    },
    set: (brazeId, revision) => {
      readKey(brazeId);
      table.value[0] = revision;
      table.write();
    },
    delete: (brazeId) => {
      readKey(brazeId);
      table.delete();
    },
    get isEmpty() {
      return table.isEmpty;
    },
  };
};
