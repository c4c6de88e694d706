/** Numbers of 32 bits under keys of a few words of 32 bits. */
export interface CompactTable {
  /** What is looked for or written: to be filled in before each call. */
  readonly key: Uint32Array;
  /** What was found, or is to be written. The first word goes no further than `MOST_FIRST`. */
  readonly value: Uint32Array;
  /** Reads the value of the key into `value`. False where there is none. */
  read(): boolean;
  write(): void;
  delete(): void;
  clear(): void;
  /** True where nothing was written since it was made or cleared. */
  readonly isEmpty: boolean;
}

export interface CompactTableShape {
  readonly keyWords: number;
  readonly valueWords: number;
  /** It keeps between one and two times as many at most: the older generation is forgotten at once. */
  readonly capacity: number;
}

/** The first word of a value says besides whether a slot is free, or was deleted. */
const FREE = 0;
const DELETED = 1;
const OFFSET = 2;
export const MOST_FIRST = 2 ** 32 - 1 - OFFSET;

const FIRST_SLOTS = 1_024;
/** Beyond it, runs of taken slots grow long. */
const FULLEST = 0.7;

/**
 * A map for millions of entries, in memory that the garbage collector never walks through: an open-addressed table of words.
 * The last word of a key has to be spread evenly, as part of a hash is: it is all the hash that the table has.
 */
export const compactTable = ({ keyWords, valueWords, capacity }: CompactTableShape): CompactTable => {
  const words = keyWords + valueWords;
  const key = new Uint32Array(keyWords);
  const value = new Uint32Array(valueWords);
  let young = new Uint32Array(0);
  let old = young;
  let taken = 0;

  const isKeyAt = (table: Uint32Array, at: number): boolean => {
    for (let word = 0; word < keyWords; word += 1) if (table[at + word] !== key[word]) return false;
    return true;
  };
  /** Where the key stands, or the free slot where it would; -1 in an empty table. */
  const slotIn = (table: Uint32Array): number => {
    const slots = table.length / words;
    if (slots === 0) return -1;
    for (let slot = key[keyWords - 1]! & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      const at = slot * words;
      if (table[at + keyWords] === FREE || isKeyAt(table, at)) return at;
    }
  };
  const isTaken = (table: Uint32Array, at: number): boolean => at >= 0 && table[at + keyWords]! > DELETED;
  const readFrom = (table: Uint32Array): boolean => {
    const at = slotIn(table);
    if (!isTaken(table, at)) return false;
    for (let word = 0; word < valueWords; word += 1) value[word] = table[at + keyWords + word]!;
    value[0]! -= OFFSET;
    return true;
  };
  const put = (): void => {
    const at = slotIn(young);
    if (young[at + keyWords] === FREE) taken += 1;
    young.set(key, at);
    young.set(value, at + keyWords);
    young[at + keyWords]! += OFFSET;
  };

  /** The same with twice as many slots, and without those that were deleted. */
  const grow = (): void => {
    const before = young;
    const [wantedKey, wantedValue] = [key.slice(), value.slice()];
    young = new Uint32Array(Math.max(FIRST_SLOTS * words, before.length * 2));
    taken = 0;
    for (let at = 0; at < before.length; at += words) {
      if (!isTaken(before, at)) continue;
      key.set(before.subarray(at, at + keyWords));
      value.set(before.subarray(at + keyWords, at + words));
      value[0]! -= OFFSET;
      put();
    }
    key.set(wantedKey);
    value.set(wantedValue);
  };
  const makeRoom = (): void => {
    if (taken >= capacity) {
      old = young;
      young = new Uint32Array(old.length);
      taken = 0;
    } else if (taken >= (young.length / words) * FULLEST) grow();
  };

  return {
    key,
    value,
    read: () => readFrom(young) || readFrom(old),
    write: () => {
      if (capacity === 0) return;
      makeRoom();
      put();
    },
    delete: () => {
      for (const table of [young, old]) {
        const at = slotIn(table);
        if (isTaken(table, at)) table[at + keyWords] = DELETED;
      }
    },
    clear: () => {
      young = old = new Uint32Array(0);
      taken = 0;
    },
    get isEmpty() {
      return young.length === 0;
    },
  };
};
