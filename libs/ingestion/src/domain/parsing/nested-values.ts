import type { Json, JsonObject } from '@hearth/contracts';

import { MAX_CHARS } from './limits.ts';
import { isStorable, parseTime, toIso } from './time-strings.ts';

const NAME = /^[^ .$]{1,255}$/;

/**
 * Reads what stands inside a nested custom attribute (user-data API §8.5): names without spaces, points or `$`, strings of at
 * most 255 characters, times as `{"$time": text}` and never as plain strings.
 *
 * @returns the value with its times normalised (the same one where there are none), or undefined where any part of it is
 * invalid, a null included: then the whole attribute stays as it was.
 */
export const readNested = (sent: Json): Json | undefined => {
  if (typeof sent === 'string') return sent.length <= MAX_CHARS ? sent : undefined;
  if (sent === null) return undefined;
  if (typeof sent !== 'object') return sent;
  return Array.isArray(sent) ? readItems(sent as readonly Json[]) : readObject(sent as JsonObject);
};

const readItems = (sent: readonly Json[]): Json | undefined => {
  let changed: Json[] | undefined;
  for (let at = 0; at < sent.length; at++) {
    const value = readNested(sent[at]!);
    if (value === undefined) return undefined;
    if (value !== sent[at]) (changed ??= [...sent])[at] = value;
  }
  return changed ?? sent;
};

const readObject = (sent: JsonObject): Json | undefined => {
  const names = Object.keys(sent);
  if (names.length === 1 && names[0] === '$time') return readTime(sent['$time']!);
  let changed: Record<string, Json> | undefined;
  for (const name of names) {
    if (!NAME.test(name)) return undefined;
    const value = readNested(sent[name]!);
    if (value === undefined) return undefined;
    if (value !== sent[name]) (changed ??= { ...sent })[name] = value;
  }
  return changed ?? sent;
};

const readTime = (sent: Json): Json | undefined => {
  const epochMs = typeof sent === 'string' ? parseTime(sent) : undefined;
  return epochMs !== undefined && isStorable(epochMs) ? { $time: toIso(epochMs) } : undefined;
};
