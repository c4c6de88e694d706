import type { DropReason, Json, JsonObject } from '@hearth/contracts';

import { MAX_CHARS } from './limits.ts';
import { isLonger } from './text-length.ts';
import { isStorable, parseTime, toIso } from './time-strings.ts';

/** What is wrong with a nested value: any flaw in it voids the whole attribute (user-data API §8.5). */
export class Flaw {
  readonly reason: DropReason;
  constructor(reason: DropReason) {
    this.reason = reason;
  }
}

const TOO_LONG = new Flaw('string_too_long');
const NULL_INSIDE = new Flaw('null_inside');
const BAD_KEY = new Flaw('bad_key');
const BAD_TIME = new Flaw('bad_time');

/**
 * Reads what stands inside a nested custom attribute: names without spaces, points or `$`, strings of at most 255 characters,
 * no null, times as `{"$time": text}` and never as plain strings.
 *
 * @returns the value with its times normalised (the same one where there are none), or the first flaw.
 */
export const readNested = (sent: Json): Json | Flaw => {
  if (typeof sent === 'string') return isLonger(sent, MAX_CHARS) ? TOO_LONG : sent;
  if (sent === null) return NULL_INSIDE;
  if (typeof sent !== 'object') return sent;
  return Array.isArray(sent) ? readItems(sent as readonly Json[]) : readObject(sent as JsonObject);
};

/** True for an object that is meant as a time, well formed or not. */
export const isTime = (value: Json): boolean => {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, '$time')) return false;
  return Object.keys(value).length === 1;
};

/** Reads the items of an array, each of them nested. */
export const readItems = (sent: readonly Json[]): readonly Json[] | Flaw => {
  let changed: Json[] | undefined;
  for (let at = 0; at < sent.length; at++) {
    const value = readNested(sent[at]!);
    if (value instanceof Flaw) return value;
    if (value !== sent[at]) (changed ??= [...sent])[at] = value;
  }
  return changed ?? sent;
};

const readObject = (sent: JsonObject): Json | Flaw => {
  if (isTime(sent)) return readTime(sent['$time']!);
  let changed: Record<string, Json> | undefined;
  for (const name of Object.keys(sent)) {
    if (!isNestedName(name)) return BAD_KEY;
    const value = readNested(sent[name]!);
    if (value instanceof Flaw) return value;
    if (value !== sent[name]) (changed ??= { ...sent })[name] = value;
  }
  return changed ?? sent;
};

const isNestedName = (name: string): boolean => /^[^ .$]+$/.test(name) && !isLonger(name, MAX_CHARS);

const readTime = (sent: Json): Json | Flaw => {
  const epochMs = typeof sent === 'string' ? parseTime(sent) : undefined;
  return epochMs !== undefined && isStorable(epochMs) ? { $time: toIso(epochMs) } : BAD_TIME;
};
