import { isJsonObject, type Json, type JsonObject } from '@hearth/contracts';

import { refusals, type Refusal } from './errors.ts';
import { fitsIn } from './json-bytes.ts';
import { MAX_CHARS, MAX_NESTED_BYTES, MAX_PROPERTIES } from './limits.ts';
import { isLonger } from './text-length.ts';
import { isStorable, parseTime } from './time-strings.ts';

/** Property names that an event may not have (user-data API §9). */
export const EVENT_RESERVED: ReadonlySet<string> = new Set(['time', 'event_name']);
/** Property names that a purchase may not have (§10). */
export const PURCHASE_RESERVED: ReadonlySet<string> = new Set([
  'time',
  'event_name',
  'product_id',
  'quantity',
  'price',
  'currency',
]);

/**
 * Reads the properties of an event or purchase (§9). Values stand as sent, times included: properties go to triggers and
 * exports, which show what the client wrote. A property without a value (null) or with too long a string is left out, and
 * so is what follows the 256th; names that are malformed or reserved refuse the object.
 *
 * @param bytesAtMost upper bound of the size of the whole object, so that small ones need not be measured.
 */
export const readProperties = (
  sent: Json | undefined,
  reserved: ReadonlySet<string>,
  bytesAtMost: number,
): JsonObject | undefined | Refusal => {
  if (sent === undefined || sent === null) return undefined;
  if (!isJsonObject(sent)) return refusals.properties;
  for (const name in sent) if (!isPropertyName(name) || reserved.has(name)) return refusals.properties;

  const properties: Record<string, Json> = {};
  let kept = 0;
  let nested = false;
  for (const name in sent) {
    const value = readValue(sent[name]!);
    if (value === undefined) continue;
    properties[name] = value;
    nested ||= typeof value === 'object';
    if (++kept === MAX_PROPERTIES) break;
  }
  if (nested && bytesAtMost > MAX_NESTED_BYTES && !fitsIn(MAX_NESTED_BYTES, sent)) return refusals.properties;
  return kept === 0 ? undefined : properties;
};

const DOLLAR = 0x24;

const isPropertyName = (name: string): boolean =>
  name.length > 0 && name.charCodeAt(0) !== DOLLAR && !isLonger(name, MAX_CHARS);

/** Undefined for what is left out: nulls, and whatever holds too long a string. */
const readValue = (sent: Json): Json | undefined => {
  if (sent === null) return undefined;
  if (typeof sent === 'string') return isLonger(sent, MAX_CHARS) ? undefined : sent;
  if (typeof sent !== 'object') return sent;
  if (!hasShortStrings(sent)) return undefined;
  return withoutUnstorableTimes(sent);
};

const hasShortStrings = (value: Json): boolean => {
  if (typeof value === 'string') return !isLonger(value, MAX_CHARS);
  if (typeof value !== 'object' || value === null) return true;
  return Array.isArray(value)
    ? (value as readonly Json[]).every(hasShortStrings)
    : Object.keys(value).every(
        (name) => !isLonger(name, MAX_CHARS) && hasShortStrings((value as JsonObject)[name]!),
      );
};

/** Inside of nested objects a time beyond the years 0 to 3000 is not stored; inside of arrays strings are never times (§9). */
const withoutUnstorableTimes = (value: Json): Json => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    return items.some((item) => typeof item === 'object') ? items.map(withoutUnstorableTimes) : items;
  }
  const kept: Record<string, Json> = {};
  for (const [name, item] of Object.entries(value as JsonObject)) {
    if (isUnstorableTime(item) || (isJsonObject(item) && isUnstorableTime(item['$time']))) continue;
    kept[name] = withoutUnstorableTimes(item);
  }
  return kept;
};

const isUnstorableTime = (value: Json | undefined): boolean => {
  const epochMs = typeof value === 'string' ? parseTime(value) : undefined;
  return epochMs !== undefined && !isStorable(epochMs);
};
