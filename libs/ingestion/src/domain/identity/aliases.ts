import { isJsonObject, type Json, type JsonObject, type UserAlias } from '@hearth/contracts';

import { refusals, type Refusal } from '../parsing/errors.ts';
import { isAliasPart, isPresent, readExternalId } from '../parsing/identifiers.ts';
import type { FatalError, TrackRules } from '../parsing/index.ts';
import { readEntries, readRequiredArray, type Entries } from './entries.ts';

/** An alias to be made: for the user with this external id, or, without one, for a user of its own. */
export interface NewAlias {
  readonly alias: UserAlias;
  readonly externalId?: string;
}

/** Another name under a label. */
export interface AliasUpdate {
  readonly from: UserAlias;
  readonly to: UserAlias;
}

const INPUT_ARRAY = 'user_identifiers';

/** Reads `/users/alias/new` (user-data API §12.1). The alias may also stand in an object of its own, `user_alias` (§17). */
export const parseNewAliases = (body: Json, rules: TrackRules): Entries<NewAlias> | FatalError => {
  const sent = readRequiredArray(body, 'user_aliases');
  if (!Array.isArray(sent)) return sent as FatalError;
  return readEntries(sent, INPUT_ARRAY, (entry) => readNewAlias(entry, rules));
};

const readNewAlias = (entry: JsonObject, rules: TrackRules): NewAlias | Refusal => {
  const nested = isPresent(entry['user_alias']) ? entry['user_alias'] : entry;
  const alias = isJsonObject(nested)
    ? readNames(nested, 'alias_label', 'alias_name')
    : refusals.invalid('user_alias');
  if (typeof alias === 'string') return alias;
  if (!isPresent(entry['external_id'])) return { alias };
  const externalId = readExternalId(entry['external_id'], rules);
  if (typeof externalId === 'string') return externalId;
  return { alias, externalId: externalId.identifier.value as string };
};

/** Reads `/users/alias/update` (user-data API §12.2). */
export const parseAliasUpdates = (body: Json): Entries<AliasUpdate> | FatalError => {
  const sent = readRequiredArray(body, 'alias_updates');
  if (!Array.isArray(sent)) return sent as FatalError;
  return readEntries(sent, INPUT_ARRAY, (entry) => {
    const from = readNames(entry, 'alias_label', 'old_alias_name');
    if (typeof from === 'string') return from;
    const to = readNames(entry, 'alias_label', 'new_alias_name');
    return typeof to === 'string' ? to : { from, to };
  });
};

const readNames = (entry: JsonObject, label: string, name: string): UserAlias | Refusal => {
  for (const key of [name, label]) if (!isPresent(entry[key])) return refusals.required(key);
  const { [name]: alias_name, [label]: alias_label } = entry;
  if (!isAliasPart(alias_name)) return refusals.invalid(name);
  if (!isAliasPart(alias_label)) return refusals.invalid(label);
  return { alias_name, alias_label };
};
