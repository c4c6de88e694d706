/** 24 hex digits that name a profile for its whole life; its first two digits are its partition. */
export type BrazeId = string;

/** A name for a user on the public alias namespace: unique as a (label, name) pair. */
export interface UserAlias {
  readonly alias_name: string;
  readonly alias_label: string;
}

/**
 * One way to name a user. Values are normalised: emails lower-case, phones E.164, everything else as sent.
 * `external_id` and `user_alias` are unique; `email` and `phone` are not (user-data API §11.1).
 */
export type Identifier =
  | { readonly kind: 'external_id'; readonly value: string }
  | { readonly kind: 'user_alias'; readonly value: UserAlias }
  | { readonly kind: 'braze_id'; readonly value: BrazeId }
  | { readonly kind: 'email'; readonly value: string }
  | { readonly kind: 'phone'; readonly value: string };

/** The identifiers that are claimed on an identity stream. A braze_id is assigned, never claimed. */
export type ClaimableIdentifier = Exclude<Identifier, { kind: 'braze_id' }>;

/** The printable form of an identifier, unique per identifier: the key of caches, lanes and identity hashes. */
export const identifierKey = (identifier: Identifier): string =>
  identifier.kind === 'user_alias'
    ? `user_alias:${JSON.stringify([identifier.value.alias_label, identifier.value.alias_name])}`
    : `${identifier.kind}:${identifier.value}`;

/** The virtual partition of a profile: the first two hex digits of its braze_id, 256 in all. */
export const partitionOf = (brazeId: BrazeId): string => brazeId.slice(0, 2);
