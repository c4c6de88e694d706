import type { Json, JsonObject } from '@hearth/contracts';

import { refusals, type Refusal } from '../parsing/errors.ts';
import { isPresent, readAlias, readExternalId } from '../parsing/identifiers.ts';
import { isFatal, type FatalError, type TrackRules } from '../parsing/index.ts';
import {
  MAX_ENTRIES,
  readArray,
  readEntries,
  refusedRequest,
  tooManyEntries,
  type EntryError,
} from './entries.ts';
import {
  readContactReference,
  readEmailIdentifier,
  readPhoneIdentifier,
  type UserReference,
} from './user-reference.ts';

/** A user without an external id, and the one it is to have. */
export interface Identification {
  readonly who: UserReference;
  readonly externalId: string;
}

/** How many entries of each kind were taken; a kind that the request does not have is absent. */
export interface IdentifyCounts {
  readonly aliases_processed?: number;
  readonly emails_processed?: number;
  readonly phone_numbers_processed?: number;
}

export interface IdentifyRequest {
  readonly entries: readonly Identification[];
  readonly errors: readonly EntryError[];
  readonly processed: IdentifyCounts;
  readonly behavior: 'merge' | 'none';
}

const KINDS = ['aliases_to_identify', 'emails_to_identify', 'phone_numbers_to_identify'] as const;
const COUNTERS = {
  aliases_to_identify: 'aliases_processed',
  emails_to_identify: 'emails_processed',
  phone_numbers_to_identify: 'phone_numbers_processed',
} as const;
const INPUT_ARRAY = 'user_identifiers';

/** Reads `/users/identify` (user-data API §12.3). */
export const parseIdentify = (body: Json, rules: TrackRules): IdentifyRequest | FatalError => {
  const entries: Identification[] = [];
  const errors: EntryError[] = [];
  const processed: { -readonly [Key in keyof IdentifyCounts]: number } = {};
  let sent = 0;
  for (const kind of KINDS) {
    const array = readArray(body, kind);
    if (array === undefined) continue;
    if (isFatal(array)) return array;
    sent += array.length;
    const read = readEntries(array, INPUT_ARRAY, (entry) => readIdentification(entry, kind, rules));
    entries.push(...read.entries);
    errors.push(...read.errors);
    if (array.length > 0) processed[COUNTERS[kind]] = read.entries.length;
  }
  if (sent > MAX_ENTRIES) return tooManyEntries();
  if (sent === 0)
    return refusedRequest(
      "At least one of 'aliases_to_identify', 'emails_to_identify' and 'phone_numbers_to_identify' is required",
    );
  return { entries, errors, processed, behavior: behaviorOf(body) };
};

/** The field is gone from the public API: whatever clients still send in it but `none` is the default (§19). */
const behaviorOf = (body: Json): 'merge' | 'none' =>
  (body as JsonObject)['merge_behavior'] === 'none' ? 'none' : 'merge';

const readIdentification = (
  entry: JsonObject,
  kind: (typeof KINDS)[number],
  rules: TrackRules,
): Identification | Refusal => {
  if (!isPresent(entry['external_id'])) return refusals.required('external_id');
  const externalId = readExternalId(entry['external_id'], rules);
  if (typeof externalId === 'string') return externalId;
  const who = readWho(entry, kind, rules);
  return typeof who === 'string' ? who : { who, externalId: externalId.identifier.value as string };
};

const readWho = (
  entry: JsonObject,
  kind: (typeof KINDS)[number],
  rules: TrackRules,
): UserReference | Refusal => {
  switch (kind) {
    case 'aliases_to_identify': {
      if (!isPresent(entry['user_alias'])) return refusals.required('user_alias');
      const alias = readAlias(entry['user_alias']);
      return typeof alias === 'string' ? alias : { identifier: alias.identifier as AliasIdentifier };
    }
    case 'emails_to_identify':
      return readContactReference(readEmailIdentifier(entry['email']), entry['prioritization']);
    case 'phone_numbers_to_identify':
      return readContactReference(readPhoneIdentifier(entry['phone'], rules), entry['prioritization']);
  }
};

type AliasIdentifier = Extract<UserReference['identifier'], { kind: 'user_alias' }>;
