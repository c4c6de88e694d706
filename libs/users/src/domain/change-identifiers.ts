import { identifierKey, type ClaimableIdentifier, type UserAlias, type UserEvent } from '@hearth/contracts';
import { reject, type Rejection } from '@hearth/eventing';

/** What names an active user: external ids, oldest first, the last one primary; and aliases. */
export interface Names {
  readonly external_ids: readonly string[];
  readonly user_aliases: readonly UserAlias[];
}

/** Gives a user identifiers and takes some from it, together. */
export interface ChangeIdentifiers {
  readonly add: readonly ClaimableIdentifier[];
  readonly remove: readonly ClaimableIdentifier[];
  /** What has to be the primary external id before it; null: there must be none. */
  readonly primary?: string | null;
}

/**
 * Why identifiers stay as they are: the user has another name under the label, lacks what is to be removed, or it is the
 * primary external id; or its primary external id is not the expected one.
 */
export type NamesRejection = 'label_taken' | 'not_named_so' | 'is_primary' | 'other_primary';

/** True where the identifier is one of the user's. */
export const isNamed = (names: Names, identifier: ClaimableIdentifier): boolean => {
  switch (identifier.kind) {
    case 'external_id':
      return names.external_ids.includes(identifier.value);
    case 'user_alias':
      return nameUnder(names, identifier.value.alias_label) === identifier.value.alias_name;
    default:
      return false; // emails and phones are fields: many users may carry one
  }
};

/** That these no longer name the user. */
export const identifiersRemoved = (identifiers: readonly ClaimableIdentifier[]): readonly UserEvent[] =>
  identifiers.map((identifier) => ({ type: 'IdentifierRemoved', data: { identifier } }));

/** The user's name under an alias label. */
export const nameUnder = ({ user_aliases }: Names, label: string): string | undefined =>
  user_aliases.find(({ alias_label }) => alias_label === label)?.alias_name;

/**
 * Decides what follows from a change of identifiers: one name for each label, and only deprecated external ids can be
 * removed (user-data API §11.1, §12.7, §12.8). What is there already is not added again.
 */
export const changeIdentifiers = (
  { add, remove, primary }: ChangeIdentifiers,
  names: Names,
): readonly UserEvent[] | Rejection<NamesRejection> => {
  const added = add.filter((identifier) => !isNamed(names, identifier));
  if (added.length === 0 && !remove.some((identifier) => isNamed(names, identifier)) && add.length > 0)
    return [];
  if (primary !== undefined && (names.external_ids.at(-1) ?? null) !== primary)
    return reject('other_primary', 'The primary external id is another one');

  const removed = new Set(remove.map(identifierKey));
  for (const identifier of remove) {
    if (!isNamed(names, identifier)) return reject('not_named_so', 'The user does not have the identifier');
    if (identifier.kind === 'external_id' && names.external_ids.at(-1) === identifier.value)
      return reject('is_primary', 'The external id is the primary one');
  }
  const left = names.user_aliases.filter(
    (value) => !removed.has(identifierKey({ kind: 'user_alias', value })),
  );
  for (const identifier of added)
    if (identifier.kind === 'user_alias' && isLabelTaken(left, identifier.value.alias_label))
      return reject('label_taken', 'The user has another name under the label');

  return [
    ...identifiersRemoved(remove),
    ...added.map((identifier): UserEvent => ({ type: 'IdentifierAdded', data: { identifier } })),
  ];
};

const isLabelTaken = (aliases: readonly UserAlias[], label: string): boolean =>
  aliases.some(({ alias_label }) => alias_label === label);
