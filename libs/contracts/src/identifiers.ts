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

/** What names a push token: the app it was made for, and the token itself. */
export interface PushTokenName {
  readonly app_id: string;
  readonly token: string;
}

/**
 * What is claimed on an identity stream. A braze_id is assigned, never claimed; a push token is claimed by the profile that
 * holds it, and names nobody in a request.
 */
export type ClaimableIdentifier =
  Exclude<Identifier, { kind: 'braze_id' }> | { readonly kind: 'push_token'; readonly value: PushTokenName };

/** The printable form of an identifier, unique per identifier: the key of caches, lanes and identity hashes. */
export const identifierKey = (identifier: Identifier | ClaimableIdentifier): string => {
  const { kind, value } = identifier;
  if (kind === 'user_alias') return `user_alias:${JSON.stringify([value.alias_label, value.alias_name])}`;
  if (kind === 'push_token') return `push_token:${JSON.stringify([value.app_id, value.token])}`;
  return `${kind}:${value}`;
};

/** The virtual partition of a profile: the first two hex digits of its braze_id, 256 in all. */
export const partitionOf = (brazeId: BrazeId): string => brazeId.slice(0, 2);
