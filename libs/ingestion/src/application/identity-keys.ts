import { identifierKey, identityStream, type BrazeId, type ClaimableIdentifier } from '@hearth/contracts';

/** HMAC-SHA-256 under the deployment's secret, in hex. */
export type KeyedHash = (text: string) => string;

/** Names that depend on the secret, so that a stream name or braze_id tells nothing about the identifier behind it. */
export interface IdentityKeys {
  /** The stream on which an identifier is claimed. */
  streamOf(identifier: ClaimableIdentifier): string;
  /** The user that a claim at this revision of the identity stream creates: every instance computes the same one. */
  brazeIdOf(identifier: ClaimableIdentifier, claimRevision: number): BrazeId;
  /** The id of the claim's event: a claim repeated by anybody is the same event. */
  claimIdOf(identifier: ClaimableIdentifier, claimRevision: number): string;
  /** The id of the event that keeps the user of that claim from being created, in favour of somebody or nobody. */
  forestallIdOf(identifier: ClaimableIdentifier, claimRevision: number, to: BrazeId | null): string;
  /** The id of an event that an operation appends: the same one whoever does the step, and however often. */
  stepIdOf(operation: string, step: string): string;
}

/** A UUID out of at least 32 hex digits of a keyed hash. */
export const uuidFrom = (hex: string): string =>
  // RFC 9562 version 8: the form for custom, here keyed-hash based, contents
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;

export const identityKeys = (hash: KeyedHash): IdentityKeys => ({
  streamOf: (identifier) => identityStream(hash(`identity:${identifierKey(identifier)}`).slice(0, 32)),
  brazeIdOf: (identifier, claimRevision) =>
    hash(`braze_id:${claimRevision}:${identifierKey(identifier)}`).slice(0, 24),
  claimIdOf: (identifier, claimRevision) =>
    uuidFrom(hash(`claim:${claimRevision}:${identifierKey(identifier)}`)),
  forestallIdOf: (identifier, claimRevision, to) =>
    uuidFrom(hash(`forestall:${claimRevision}:${to ?? ''}:${identifierKey(identifier)}`)),
  stepIdOf: (operation, step) => uuidFrom(hash(`step:${operation}:${step}`)),
});
