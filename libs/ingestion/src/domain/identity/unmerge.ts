import { isJsonObject, type Identifier, type Json } from '@hearth/contracts';

import { isPresent, readAlias, readBrazeId, readExternalId } from '../parsing/identifiers.ts';
import type { FatalError, TrackRules } from '../parsing/index.ts';
import { refusedRequest } from './entries.ts';
import { unblocked } from './external-ids.ts';

/** What names one user at most, also one that was merged away. */
export type UniqueIdentifier = Exclude<Identifier, { kind: 'email' | 'phone' }>;

const KINDS = ['external_id', 'user_alias', 'braze_id'] as const;

/** Reads `/hearth/users/unmerge`: either user of the merge, by exactly one identifier. */
export const parseUnmerge = (
  body: Json,
  rules: TrackRules,
): { readonly identifier: UniqueIdentifier } | FatalError => {
  const sent = isJsonObject(body) ? body : {};
  const [kind, ...others] = KINDS.filter((name) => isPresent(sent[name]));
  if (kind === undefined || others.length > 0)
    return refusedRequest("Exactly one of 'external_id', 'user_alias' and 'braze_id' is required");
  const value = sent[kind]!;
  const found =
    kind === 'external_id'
      ? readExternalId(value, unblocked(rules))
      : kind === 'user_alias'
        ? readAlias(value)
        : readBrazeId(value);
  if (typeof found === 'string') return refusedRequest(found);
  return { identifier: found.identifier as UniqueIdentifier };
};
