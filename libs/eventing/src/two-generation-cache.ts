/**
 * A bounded map that keeps what was used lately, for hot paths where moving an entry at each use costs more than it brings:
 * entries live in a young generation; when that is full it becomes the old one, and what is asked for there moves back. It
 * keeps between one and two times `capacity` at most.
 */
export interface TwoGenerationCache<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
  delete(key: Key): void;
  clear(): void;
}

/** How many of a generation that is gone are told of when another entry comes: all have been when the next one goes. */
const TOLD_AT_ONCE = 2;

/**
 * `gone` is told of what the cache let go of for want of room, some time after: a few at a time, so that nobody waits for a
 * whole generation. It is told of entries that were deleted meanwhile, and that came back, as well.
 */
export const twoGenerationCache = <Key, Value extends object>(
  capacity: number,
  gone?: (value: Value) => void,
): TwoGenerationCache<Key, Value> => {
  let young = new Map<Key, Value>();
  let old = new Map<Key, Value>();
  let leaving: Iterator<Value> | undefined;

  const tell = (most: number): void => {
    for (let told = 0; leaving && told < most; told += 1) {
      const next = leaving.next();
      if (next.done) leaving = undefined;
      else gone!(next.value);
    }
  };

  const set = (key: Key, value: Value): void => {
    young.set(key, value);
    tell(TOLD_AT_ONCE);
    if (young.size < capacity) return;
    if (gone) {
      tell(Infinity);
      leaving = old.values();
    }
    old = young;
    young = new Map();
  };

  return {
    get: (key) => {
      const found = young.get(key);
      if (found) return found;
      const aged = old.get(key);
      if (aged) set(key, aged);
      return aged;
    },
    set,
    delete: (key) => {
      young.delete(key);
      old.delete(key);
    },
    clear: () => {
      leaving = undefined;
      young = new Map();
      old = new Map();
    },
  };
};
