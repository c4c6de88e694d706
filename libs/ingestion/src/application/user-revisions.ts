import type { BrazeId } from '@hearth/contracts';

/**
 * The revisions of very many users, at 16 bytes each in memory that the garbage collector never walks through. Ids are 24 hex
 * digits of a keyed hash (see `IdentityKeys`): they are spread evenly, so their digits are all the hash that a table needs.
 */
export interface UserRevisions {
  /** True where nothing was ever set. */
  readonly isEmpty: boolean;
  get(brazeId: BrazeId): number | undefined;
  set(brazeId: BrazeId, revision: number): void;
  delete(brazeId: BrazeId): void;
}

/** An open-addressed table: three words of a key, then the revision and two; one says that it was deleted, zero that it is free. */
const WORDS = 4;
const REVISION = 3;
const FREE = 0;
const DELETED = 1;
const FIRST_SLOTS = 1_024;
/** Beyond it, runs of taken slots grow long. */
const FULLEST = 0.7;

/** Keeps between one and two times `capacity` at most: of those used longest ago half are forgotten at once. */
export const userRevisions = (capacity: number): UserRevisions => {
  let young = new Uint32Array(0);
  let old = new Uint32Array(0);
  let taken = 0;
  const key = new Uint32Array(REVISION);

  const readKey = (brazeId: BrazeId): void => {
    for (let word = 0; word < REVISION; word += 1)
      key[word] = Number.parseInt(brazeId.slice(word * 8, word * 8 + 8), 16);
  };
  /** Where the key stands, or the free slot where it would; -1 in an empty table. */
  const slotIn = (table: Uint32Array): number => {
    if (table.length === 0) return -1;
    const last = table.length - WORDS;
    for (let at = (key[0]! * WORDS) & last; ; at = (at + WORDS) & last) {
      if (table[at + REVISION] === FREE) return at;
      if (table[at] === key[0] && table[at + 1] === key[1] && table[at + 2] === key[2]) return at;
    }
  };
  const revisionIn = (table: Uint32Array, at: number): number | undefined => {
    const word = at < 0 ? FREE : table[at + REVISION]!;
    return word > DELETED ? word - 2 : undefined;
  };
  const put = (word: number): void => {
    const at = slotIn(young);
    if (young[at + REVISION] === FREE) taken += 1;
    young.set(key, at);
    young[at + REVISION] = word;
  };

  const grow = (slots: number): void => {
    const before = young;
    young = new Uint32Array(slots * WORDS);
    taken = 0;
    for (let at = 0; at < before.length; at += WORDS) {
      if (before[at + REVISION]! <= DELETED) continue;
      key.set(before.subarray(at, at + REVISION));
      put(before[at + REVISION]!);
    }
  };
  const makeRoom = (): void => {
    const slots = young.length / WORDS;
    if (taken < Math.min(slots * FULLEST, capacity)) return;
    if (taken >= capacity) {
      old = young;
      young = new Uint32Array(old.length);
      taken = 0;
    } else grow(Math.max(FIRST_SLOTS, slots * 2));
  };

  return {
    get isEmpty() {
      return young.length === 0;
    },
    get: (brazeId) => {
      readKey(brazeId);
      return revisionIn(young, slotIn(young)) ?? revisionIn(old, slotIn(old));
    },
    set: (brazeId, revision) => {
      if (capacity === 0) return;
      makeRoom();
      readKey(brazeId);
      put(revision + 2);
    },
    delete: (brazeId) => {
      readKey(brazeId);
      for (const table of [young, old]) {
        const at = slotIn(table);
        if (revisionIn(table, at) !== undefined) table[at + REVISION] = DELETED;
      }
    },
  };
};
