import type { BrazeId } from '@hearth/contracts';
import { compactTable, HEX_KEY_DIGITS, HEX_KEY_WORDS, readHexKey } from '@hearth/eventing';

/** The revisions of very many users, at 16 bytes each. Ids are 24 hex digits of a keyed hash (see `IdentityKeys`); any other text has none. */
export interface UserRevisions {
  get(brazeId: BrazeId): number | undefined;
  set(brazeId: BrazeId, revision: number): void;
  delete(brazeId: BrazeId): void;
  /** True where nothing was ever set. */
  readonly isEmpty: boolean;
}

/** Keeps between one and two times `capacity` at most: of those set longest ago half are forgotten at once. */
export const userRevisions = (capacity: number): UserRevisions => {
  const table = compactTable({ keyWords: HEX_KEY_WORDS, valueWords: 1, capacity });
  const readKey = (brazeId: BrazeId): boolean =>
    brazeId.length === HEX_KEY_DIGITS && readHexKey(brazeId, table.key);
  return {
    get: (brazeId) => (readKey(brazeId) && table.read() ? table.value[0] : undefined),
    set: (brazeId, revision) => {
      if (!readKey(brazeId)) return;
      table.value[0] = revision;
      table.write();
    },
    delete: (brazeId) => {
      if (readKey(brazeId)) table.delete();
    },
    get isEmpty() {
      return table.isEmpty;
    },
  };
};
