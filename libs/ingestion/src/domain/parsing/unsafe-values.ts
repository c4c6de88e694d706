import type { Json, JsonObject } from '@hearth/contracts';

import { refusals, type Refusal } from './errors.ts';
import { MAX_LEVELS } from './limits.ts';

/**
 * Looks through one object of a body, whatever its fields mean, for what must not get into the log: NUL characters and
 * halves of surrogate pairs (they do not survive UTF-8 and break other stores), the key `__proto__`, numbers that JSON
 * cannot write again, and more than 50 levels in one field. Also measures it.
 *
 * @returns the refusal, or an upper bound of the object's size as UTF-8 JSON in bytes.
 */
export const inspect = (object: JsonObject): Refusal | number => {
  let bytes = 0;
  // No list of keys is made here: what was parsed inherits nothing that could be met.
  for (const key in object) {
    if (reachesPrototype(key) || !isSafeText(key)) return refusals.invalid(key);
    const size = measure(object[key]!, MAX_LEVELS);
    if (size === UNSAFE) return refusals.invalid(forbiddenKey(object[key]!, MAX_LEVELS) ?? key);
    bytes += atMost(key) + size;
  }
  return bytes;
};

const UNSAFE = -1;

/** Bytes of the longest way to write a character in JSON: `\u0000`. */
const BYTES_A_CHAR = 6;
/** Room for quotes, a colon and a comma. */
const PUNCTUATION = 4;
/** Longest number or literal, with its comma. */
const BYTES_A_NUMBER = 28;

const atMost = (text: string): number => text.length * BYTES_A_CHAR + PUNCTUATION;

const measure = (value: Json, levels: number): number => {
  if (typeof value === 'string') return isSafeText(value) ? atMost(value) : UNSAFE;
  if (typeof value === 'number') return Number.isFinite(value) ? BYTES_A_NUMBER : UNSAFE;
  if (typeof value !== 'object' || value === null) return BYTES_A_NUMBER;
  if (levels === 0) return UNSAFE;
  let bytes = PUNCTUATION;
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) {
      const size = measure(item, levels - 1);
      if (size === UNSAFE) return UNSAFE;
      bytes += size;
    }
    return bytes;
  }
  const object = value as JsonObject;
  for (const key in object) {
    if (reachesPrototype(key) || !isSafeText(key)) return UNSAFE;
    const size = measure(object[key]!, levels - 1);
    if (size === UNSAFE) return UNSAFE;
    bytes += atMost(key) + size;
  }
  return bytes;
};

/**
 * Whether a text stays itself in UTF-8, in which names are hashed and looked up: halves of surrogate pairs all become one
 * character there, so a name with one would stand for somebody else's. NUL ends a text for many a reader.
 */
export const isSafeText = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/**
 * Assigning under this key sets a prototype, in any program that reads the log with less care than this one. `constructor`
 * and `prototype` are plain keys to an assignment, and so are names like any other.
 */
const reachesPrototype = (key: string): boolean => key === '__proto__';

/** The prototype key inside a refused value, to be named in the error instead of the field around it. */
const forbiddenKey = (value: Json, levels: number): string | undefined => {
  if (typeof value !== 'object' || value === null || levels === 0) return undefined;
  if (!Array.isArray(value)) {
    const key = Object.keys(value).find(reachesPrototype);
    if (key !== undefined) return key;
  }
  for (const item of Object.values(value) as Json[]) {
    const key = forbiddenKey(item, levels - 1);
    if (key !== undefined) return key;
  }
  return undefined;
};
