import { isJsonObject, type Json, type JsonObject } from '@hearth/contracts';
import { own, put } from '../own-properties.ts';
import type { RejectionCode } from '../rejections.ts';
import { largerThan, longerThan } from '../text.ts';
import { claimsToBeTime, timeValueOf } from './time-value.ts';

/** Nested attributes hold at most this many bytes as JSON in UTF-8: 100 KB (user-data API §8.5). */
export const MAX_NESTED_BYTES = 100 * 1024;
/** Nothing is nested deeper than this. */
export const MAX_DEPTH = 50;
export const MAX_CHARACTERS = 255;

/** A part of a nested value that forbids the whole of it. */
class Unsound {
  readonly code: RejectionCode;
  constructor(code: RejectionCode) {
    this.code = code;
  }
}

const badKey = (key: string): boolean => /[ .$]/.test(key) || longerThan(key, MAX_CHARACTERS);

/** The value as it is stored: itself, or a copy where a time was spelt differently. */
const cleaned = (value: Json, depth: number): Json | Unsound => {
  if (typeof value === 'string')
    return longerThan(value, MAX_CHARACTERS) ? new Unsound('string_too_long') : value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : new Unsound('bad_number');
  if (typeof value === 'boolean') return value;
  if (value === null) return new Unsound('null_inside');
  if (claimsToBeTime(value)) return timeValueOf(value) ?? new Unsound('bad_time');
  if (depth === MAX_DEPTH) return new Unsound('too_deep');
  return Array.isArray(value) ? cleanedList(value, depth + 1) : cleanedObject(value as JsonObject, depth + 1);
};

const cleanedList = (list: readonly Json[], depth: number): Json | Unsound => {
  let copy: Json[] | undefined;
  for (const [index, item] of list.entries()) {
    const clean = cleaned(item, depth);
    if (clean instanceof Unsound) return clean;
    if (clean !== item) (copy ??= [...list])[index] = clean;
  }
  return copy ?? list;
};

const cleanedObject = (object: JsonObject, depth: number): Json | Unsound => {
  let copy: { [key: string]: Json } | undefined;
  for (const key of Object.keys(object)) {
    if (badKey(key)) return new Unsound('bad_key');
    const part = object[key]!;
    const clean = cleaned(part, depth);
    if (clean instanceof Unsound) return clean;
    if (clean !== part) put((copy ??= { ...object }), key, clean);
  }
  return copy ?? object;
};

/** Looks through a nested value: the value to be stored, or the code of the first thing that forbids it. */
export const sound = <Value extends Json>(value: Value): { value: Value } | { rejected: RejectionCode } => {
  const clean = cleaned(value, 0);
  return clean instanceof Unsound ? { rejected: clean.code } : { value: clean as Value };
};

/** True for an object with keys of its own, as opposed to a time. */
export const isNestedObject = (value: Json | undefined): value is JsonObject =>
  isJsonObject(value) && !claimsToBeTime(value);

/** Objects are merged key by key, all the way down; everything else, lists too, is replaced by what was sent. */
export const deeplyMerged = (found: JsonObject, sent: JsonObject): JsonObject => {
  const merged: { [key: string]: Json } = { ...found };
  for (const key of Object.keys(sent)) {
    const [old, added] = [own(found, key), sent[key]!];
    put(merged, key, isNestedObject(old) && isNestedObject(added) ? deeplyMerged(old, added) : added);
  }
  return merged;
};

/** True where a value is larger than a nested attribute may be. */
export const tooLarge = (value: Json): boolean => largerThan(JSON.stringify(value), MAX_NESTED_BYTES);
