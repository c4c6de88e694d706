import type { Json, JsonObject } from '@hearth/contracts';

import { MAX_CHARS } from './limits.ts';
import { readNested } from './nested-values.ts';
import { readOperator } from './operators.ts';
import { isStorable, parseTime, toIso } from './time-strings.ts';
import type { DropReason } from './track-object.ts';

/** A custom attribute's value as it goes into the log, or why the attribute is left as it was. */
export type AttributeReading = { readonly value: Json } | { readonly dropped: DropReason };

/** Whether a custom attribute may have this name: 1 to 255 characters, no `$` in front (user-data API §8.1). */
export const isAttributeName = (name: string): boolean =>
  name.length > 0 && name.length <= MAX_CHARS && name.charCodeAt(0) !== DOLLAR;

const DOLLAR = 0x24;

/**
 * Reads the value of a custom attribute (§8.2 to §8.6). Strings that are times become `{"$time": iso}`; operators stand as
 * sent; null removes. What the API does not take is dropped by itself: the other attributes of the object still count.
 */
export const readAttribute = (sent: Json): AttributeReading => {
  if (typeof sent === 'string') return readText(sent);
  if (typeof sent !== 'object' || sent === null) return { value: sent };
  if (Array.isArray(sent)) return readArray(sent as readonly Json[]);
  return readOperator(sent as JsonObject) ?? readNestedObject(sent as JsonObject);
};

/** A time outside of the years 0 to 3000 stays the string it is (§8.3). */
const readText = (sent: string): AttributeReading => {
  if (sent.length > MAX_CHARS) return { dropped: 'string_too_long' };
  const epochMs = parseTime(sent);
  return { value: epochMs !== undefined && isStorable(epochMs) ? { $time: toIso(epochMs) } : sent };
};

/** An array is either a set of scalars or a list of objects (§8.4, §8.6). */
const readArray = (sent: readonly Json[]): AttributeReading => {
  if (sent.every(isScalar)) return sent.every(isShort) ? { value: sent } : { dropped: 'string_too_long' };
  if (!sent.every(isObject)) return { dropped: 'invalid_array' };
  const value = readNested(sent);
  return value === undefined ? { dropped: 'invalid_nested_object' } : { value };
};

const readNestedObject = (sent: JsonObject): AttributeReading => {
  const value = readNested(sent);
  if (value !== undefined) return { value };
  return { dropped: Object.hasOwn(sent, '$time') ? 'invalid_time' : 'invalid_nested_object' };
};

const isScalar = (value: Json): boolean => typeof value !== 'object';
const isShort = (value: Json): boolean => typeof value !== 'string' || value.length <= MAX_CHARS;
const isObject = (value: Json): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
