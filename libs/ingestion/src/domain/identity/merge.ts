import { isJsonObject, type Json, type JsonObject } from '@hearth/contracts';

import { isPresent, readAlias, readExternalId } from '../parsing/identifiers.ts';
import type { FatalError, TrackRules } from '../parsing/index.ts';
import { MAX_ENTRIES, refusedRequest } from './entries.ts';
import { unblocked } from './external-ids.ts';
import {
  readContactReference,
  readEmailIdentifier,
  readPhoneIdentifier,
  type UserReference,
} from './user-reference.ts';

/** Two users of which the second one stays. */
export interface MergeUpdate {
  readonly merge: UserReference;
  readonly keep: UserReference;
}

const texts = {
  notObjects: "'merge_updates' must be an array of objects",
  tooMany: 'a single request may not contain more than 50 merge updates',
  badIdentifier:
    "identifiers must be objects with an 'external_id' property that is a string, 'user_alias' property that is an object, " +
    "'email' property that is a string, or 'phone' property that is a string",
  badKeys: "'merge_updates' must only have 'identifier_to_merge' and 'identifier_to_keep'",
} as const;

const KEYS = ['external_id', 'user_alias', 'email', 'phone'] as const;

/** Reads `/users/merge`: one bad entry refuses the request (user-data API §12.4). */
export const parseMerge = (
  body: Json,
  rules: TrackRules,
): { readonly entries: readonly MergeUpdate[] } | FatalError => {
  const sent = isJsonObject(body) ? body['merge_updates'] : undefined;
  if (!Array.isArray(sent) || sent.length === 0 || !(sent as readonly Json[]).every(isJsonObject))
    return refusedRequest(texts.notObjects);
  if (sent.length > MAX_ENTRIES) return refusedRequest(texts.tooMany);
  const entries: MergeUpdate[] = [];
  for (const entry of sent as readonly JsonObject[]) {
    if (Object.keys(entry).toSorted().join() !== 'identifier_to_keep,identifier_to_merge')
      return refusedRequest(texts.badKeys);
    const merge = readSide(entry['identifier_to_merge']!, rules);
    if (typeof merge === 'string') return refusedRequest(merge);
    const keep = readSide(entry['identifier_to_keep']!, rules);
    if (typeof keep === 'string') return refusedRequest(keep);
    entries.push({ merge, keep });
  }
  return { entries };
};

const readSide = (sent: Json, rules: TrackRules): UserReference | string => {
  if (!isJsonObject(sent)) return texts.badIdentifier;
  const [key, ...others] = KEYS.filter((name) => isPresent(sent[name]));
  if (key === undefined || others.length > 0) return texts.badIdentifier;
  const value = sent[key]!;
  if (key === 'user_alias' ? !isJsonObject(value) : typeof value !== 'string') return texts.badIdentifier;
  switch (key) {
    case 'external_id':
    case 'user_alias': {
      const found = key === 'user_alias' ? readAlias(value) : readExternalId(value, unblocked(rules));
      return typeof found === 'string'
        ? found
        : {
            identifier: found.identifier as Exclude<UserReference['identifier'], { kind: 'email' | 'phone' }>,
          };
    }
    case 'email':
      return readContactReference(readEmailIdentifier(value), sent['prioritization']);
    case 'phone':
      return readContactReference(readPhoneIdentifier(value, rules), sent['prioritization']);
  }
};
