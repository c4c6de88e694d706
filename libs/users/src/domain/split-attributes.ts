import type { AttributesUpdated, Json, JsonObject } from '@hearth/contracts';

/** In UTF-16 units, of which each takes at most three bytes: an event stays below what one append may carry. */
const MAX_EVENT_LENGTH = 150_000;

/**
 * Splits attributes that are too much for one event into several that mean the same when folded in order. Single attributes
 * are limited to 100 KB (user-data API §8.5), so a part can only be too large by the number of its attributes.
 */
export const splitAttributes = (update: AttributesUpdated): readonly AttributesUpdated[] => {
  if (update.custom === undefined || isSmall(update.custom)) return [update];
  const { custom, ...rest } = update;
  if (JSON.stringify(custom).length <= MAX_EVENT_LENGTH) return [update];

  const parts: Record<string, Json>[] = [];
  let length = Infinity;
  for (const name of Object.keys(custom)) {
    const size = name.length + JSON.stringify(custom[name]).length;
    if (length + size > MAX_EVENT_LENGTH) {
      parts.push(Object.create(null) as Record<string, Json>);
      length = 0;
    }
    parts.at(-1)![name] = custom[name]!;
    length += size;
  }
  const mode = {
    ...(update.merge_objects && { merge_objects: true as const }),
    ...(update.list_limits && { list_limits: update.list_limits }),
  };
  return parts.map((part, index) => ({ ...(index === 0 ? rest : mode), custom: part }));
};

/** Nearly every update has a few short values: no need to write it out to see that it fits. */
const isSmall = (custom: JsonObject): boolean => leftOf(MAX_SMALL_LENGTH, custom) >= 0;

/** Less than fits. */
const MAX_SMALL_LENGTH = 100_000;
/** The longest number with what stands around it, and room for a short name. */
const MOST_OF_A_VALUE = 64;
/** A UTF-16 unit at its longest: `\u0000`. */
const MOST_OF_A_UNIT = 6;

/** What is left of a length when a value is written out; below zero where it may be too long, and nothing more is looked at. */
const leftOf = (length: number, value: Json | undefined): number => {
  if (typeof value === 'string') return length - MOST_OF_A_VALUE - value.length * MOST_OF_A_UNIT;
  let left = length - MOST_OF_A_VALUE;
  if (typeof value !== 'object' || value === null) return left;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length && left >= 0; at += 1) left = leftOf(left, value[at] as Json);
    return left;
  }
  const object = value as JsonObject;
  for (const name in object) {
    left = leftOf(left - name.length * MOST_OF_A_UNIT, object[name]);
    if (left < 0) return left;
  }
  return left;
};
