import { isJsonObject, type Json } from '@hearth/contracts';

import { refusals } from '../parsing/errors.ts';
import { isPresent, readExternalId } from '../parsing/identifiers.ts';
import type { FatalError, TrackRules } from '../parsing/index.ts';
import { readRequiredArray } from './entries.ts';

/** Why an entry was left out: its position as sent, and the text (user-data API §12.7). */
export type IndexedError = readonly [index: number, text: string];

/** An entry and its position as sent. */
export interface Indexed<Value> {
  readonly index: number;
  readonly value: Value;
}

export interface Rename {
  readonly from: string;
  readonly to: string;
}

/** The entries that can be tried, and those that cannot. */
export interface IndexedEntries<Value> {
  readonly entries: readonly Indexed<Value>[];
  readonly errors: readonly IndexedError[];
}

/** Reads `/users/external_ids/rename` (user-data API §12.7). */
export const parseRenames = (body: Json, rules: TrackRules): IndexedEntries<Rename> | FatalError =>
  parse(body, 'external_id_renames', (entry) => {
    const object = isJsonObject(entry) ? entry : {};
    const from = readId(object['current_external_id'], 'current_external_id', unblocked(rules));
    if (typeof from === 'string') return from;
    const to = readId(object['new_external_id'], 'new_external_id', rules);
    if (typeof to === 'string') return to;
    return from.value === to.value
      ? "'current_external_id' and 'new_external_id' must differ"
      : { from: from.value, to: to.value };
  });

/** Reads `/users/external_ids/remove` (user-data API §12.8). */
export const parseRemovals = (
  body: Json,
  rules: TrackRules,
): IndexedEntries<{ readonly id: string }> | FatalError =>
  parse(body, 'external_ids', (entry) => {
    const id = readId(entry, 'external_id', unblocked(rules));
    return typeof id === 'string' ? id : { id: id.value };
  });

/** A blocked id may have come in before it was blocked: it can be renamed, removed and deleted. */
export const unblocked = (rules: TrackRules): TrackRules => ({ ...rules, blockedExternalIds: new Set() });

const readId = (sent: Json | undefined, field: string, rules: TrackRules): { value: string } | string => {
  if (!isPresent(sent)) return refusals.required(field);
  const found = readExternalId(sent, rules);
  if (typeof found === 'string') return found.replace("'external_id'", `'${field}'`);
  return { value: found.identifier.value as string };
};

const parse = <Value extends object>(
  body: Json,
  key: string,
  read: (entry: Json) => Value | string,
): IndexedEntries<Value> | FatalError => {
  const sent = readRequiredArray(body, key);
  if (!Array.isArray(sent)) return sent as FatalError;
  const entries: Indexed<Value>[] = [];
  const errors: IndexedError[] = [];
  (sent as readonly Json[]).forEach((entry, index) => {
    const value = read(entry);
    if (typeof value === 'string') errors.push([index, value]);
    else entries.push({ index, value });
  });
  return { entries, errors };
};
