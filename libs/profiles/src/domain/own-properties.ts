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

/** A copy with one key set. */
export const withEntry = <Value>(object: Entries<Value>, key: string, value: Value): Entries<Value> => {
  const fresh = { ...object };
  put(fresh, key, value);
  return fresh;
};
