/** Any value that JSON can carry. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. Keys come from users, so read it with `Object.hasOwn` or `Object.entries`, never with `in`. */
export type JsonObject = { readonly [key: string]: Json };

/** True for a plain JSON object: neither null nor an array. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
