import { isJsonObject, type Json } from '@hearth/contracts';

import { refusals, type Refusal } from '../parsing/errors.ts';
import { isPresent, readAlias, readBrazeId, readExternalId, type Found } from '../parsing/identifiers.ts';
import { isFatal, type FatalError, type TrackRules } from '../parsing/index.ts';
import { MAX_ENTRIES, readArray, refusedRequest, tooManyEntries, type EntryError } from './entries.ts';
import { unblocked } from './external-ids.ts';
import type { Priority } from './prioritization.ts';
import {
  readContactReference,
  readEmailIdentifier,
  readPhoneIdentifier,
  type UserReference,
} from './user-reference.ts';

/** Users to be deleted; kinds of identifiers may be mixed (user-data API §19). */
export interface DeleteRequest {
  readonly users: readonly UserReference[];
  readonly errors: readonly EntryError[];
}

const KINDS = ['external_ids', 'braze_ids', 'user_aliases', 'email_addresses', 'phone_numbers'] as const;

/** The public API lists these for deletions, and no others (§12.3). */
const PRIORITIES: readonly Priority[] = ['identified', 'unidentified', 'most_recently_updated'];

/** Reads `/users/delete` (user-data API §12.6). */
export const parseDelete = (body: Json, rules: TrackRules): DeleteRequest | FatalError => {
  const users: UserReference[] = [];
  const errors: EntryError[] = [];
  let sent = 0;
  for (const kind of KINDS) {
    const array = readArray(body, kind);
    if (array === undefined) continue;
    if (isFatal(array)) return array;
    sent += array.length;
    array.forEach((entry, index) => {
      const user = readers[kind](entry, rules);
      if (typeof user === 'string') errors.push({ type: user, input_array: kind, index });
      else users.push(user);
    });
  }
  if (sent > MAX_ENTRIES) return tooManyEntries();
  if (sent === 0)
    return refusedRequest(
      "At least one of 'external_ids', 'braze_ids', 'user_aliases', 'email_addresses' and 'phone_numbers' is required",
    );
  return { users, errors };
};

type Read = (entry: Json, rules: TrackRules) => UserReference | Refusal;

const named = (found: Found | Refusal): UserReference | Refusal =>
  typeof found === 'string'
    ? found
    : { identifier: found.identifier as Exclude<UserReference['identifier'], { kind: 'email' | 'phone' }> };

const required =
  (field: string, read: Read): Read =>
  (entry, rules) =>
    isPresent(entry) ? read(entry, rules) : refusals.required(field);

const fieldOf = (entry: Json, field: string): Json | undefined =>
  isJsonObject(entry) ? entry[field] : undefined;

const readers: Readonly<Record<(typeof KINDS)[number], Read>> = {
  external_ids: required('external_id', (entry, rules) => named(readExternalId(entry, unblocked(rules)))),
  braze_ids: required('braze_id', (entry) => named(readBrazeId(entry))),
  user_aliases: required('user_alias', (entry) => named(readAlias(entry))),
  email_addresses: (entry) =>
    readContactReference(
      readEmailIdentifier(fieldOf(entry, 'email')),
      fieldOf(entry, 'prioritization'),
      PRIORITIES,
    ),
  phone_numbers: (entry, rules) =>
    readContactReference(
      readPhoneIdentifier(fieldOf(entry, 'phone'), rules),
      fieldOf(entry, 'prioritization'),
      PRIORITIES,
    ),
};
