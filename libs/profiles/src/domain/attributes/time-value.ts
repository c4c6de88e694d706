import { isJsonObject, type Json } from '@hearth/contracts';

/** A time among attribute values, as it is stored: ISO 8601, UTC, milliseconds. */
export interface TimeValue {
  readonly $time: string;
  readonly [key: string]: string;
}

/** True for an object that is meant as a time, well formed or not: `$time` is its only key. */
export const claimsToBeTime = (value: Json): value is { readonly $time: Json } =>
  isJsonObject(value) && Object.hasOwn(value, '$time') && Object.keys(value).length === 1;

const isoTime = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

const storedForm =
  /^[0-2]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** Nearly all times come as they are stored, and reading a date is slow. False for some of the last days of a month. */
const isStoredForm = (text: string): boolean => text.length === 24 && storedForm.test(text);

/**
 * The time as it is stored, or undefined where it is none. Ingestion writes the stored form; other ISO spellings
 * are taken too, with UTC where no zone is named. Years run from 0 to 3000 (user-data API §8.3).
 */
export const timeValueOf = (value: { readonly $time: Json }): TimeValue | undefined => {
  const text = value.$time;
  if (typeof text !== 'string') return undefined;
  if (isStoredForm(text)) return value as TimeValue;
  if (!isoTime.test(text)) return undefined;
  const zoned = text.length === 10 || /(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`;
  const milliseconds = Date.parse(zoned);
  if (Number.isNaN(milliseconds)) return undefined;
  const iso = new Date(milliseconds).toISOString();
  // Years outside 0 to 9999 are written with a sign and six digits.
  if (iso.length !== 24 || iso > '3001') return undefined;
  return iso === text ? (value as TimeValue) : { $time: iso };
};

/** True for a stored time. */
export const isTimeValue = (value: Json): value is TimeValue => claimsToBeTime(value);

/** A stored value as the public API shows it: each time as its ISO text, everything else as it is. */
export const rendered = (value: Json): Json => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(rendered);
  if (isTimeValue(value)) return value.$time;
  return Object.fromEntries(
    Object.entries(value as object).map(([key, part]) => [key, rendered(part as Json)]),
  );
};
