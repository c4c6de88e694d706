import type { Copies } from './copies.ts';

/**
 * Objects whose keys come from users. A key such as `__proto__` or `constructor` is data like any other, so
 * reads see own properties only and writes never reach a setter of the prototype.
 */
export type Entries<Value> = { readonly [key: string]: Value };

/** The value under a key, or undefined where the object has no such key of its own. */
export const own = <Value>(object: Entries<Value>, key: string): Value | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

/** Writes into an object that nobody else holds yet. */
export const put = <Value>(fresh: { [key: string]: Value }, key: string, value: Value): void => {
  if (key === '__proto__')
    Object.defineProperty(fresh, key, { value, enumerable: true, configurable: true, writable: true });
  else fresh[key] = value;
};

/** How many entries of one kind a profile holds: no person has as many, and each fold copies them. */
export const MOST_ENTRIES = 5_000;

/** For how many more new keys an object has room for certain, from when it was counted; `FULL` for one that has none. */
const room = new WeakMap<object, number>();
const FULL = -1;

/** True where an object takes no entry under a new key any more. */
export const isFullFor = (object: Entries<unknown>, key: string): boolean => {
  if (Object.hasOwn(object, key)) return false;
  let left = room.get(object) ?? 0;
  if (left === 0) left = Math.max(0, MOST_ENTRIES - Object.keys(object).length) || FULL;
  // The key that is asked about may be the next to come in.
  room.set(object, left === FULL ? FULL : left - 1);
  return left === FULL;
};

/** Takes an entry out of an object that nobody else holds yet. */
export const remove = (fresh: { [key: string]: unknown }, key: string): void => {
  delete fresh[key];
  room.delete(fresh);
};

/** A copy with one key set; where the object is a copy that the same fold has made, that one. */
export const withEntry = <Value>(
  object: Entries<Value>,
  key: string,
  value: Value,
  copies?: Copies,
): Entries<Value> => {
  const fresh = copies ? copies.of(object) : { ...object };
  put(fresh, key, value);
  return fresh;
};
