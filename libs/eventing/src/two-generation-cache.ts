/**
 * A bounded map that keeps what was used lately, for hot paths where moving an entry at each use costs more than it brings:
 * entries live in a young generation; when that is full it becomes the
 * old one, and what is asked for there moves back. It keeps between one and two times `capacity` at most.
 */
export interface TwoGenerationCache<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
  delete(key: Key): void;
  clear(): void;
}

export const twoGenerationCache = <Key, Value extends object>(
  capacity: number,
): TwoGenerationCache<Key, Value> => {
  let young = new Map<Key, Value>();
  let old = new Map<Key, Value>();

  const set = (key: Key, value: Value): void => {
    young.set(key, value);
    if (young.size < capacity) return;
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
      young = new Map();
      old = new Map();
    },
  };
};
