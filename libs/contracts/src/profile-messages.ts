import type { BrazeId } from './identifiers.ts';
import type { JsonObject } from './json.ts';

/**
 * The messages that profile owners answer. Both carry lists, so that what waits in one turn of the event loop travels as
 * one message; the answer is a list of the same length, in the same order.
 */

/** Asks for the current presence of every owner; each answers by publishing its `ProfileOwnerPresence`. */
export const PROFILE_OWNERS_WANTED = 'profiles.owners.wanted';
/** Carries `ProfileOwnerPresence`: once a second, at each change, and when wanted. */
export const PROFILE_OWNERS_PRESENT = 'profiles.owners.present';
/** Owners publish at least this often; a presence older than three times this is an owner that is away. */
export const PROFILE_OWNER_INTERVAL_MS = 1_000;

/** `ReadProfile[]` in, `ReadProfileReply[]` out. */
export const profilesReadSubject = (owner: string): string => `profiles.read.${owner}`;
/** `ResolveIdentifier[]` in, `ResolveIdentifierReply[]` out. */
export const profilesResolveSubject = (owner: string): string => `profiles.resolve.${owner}`;

/** Who serves which partitions now. `partitions` is a printable range list such as `00-7f` or `00-0f,80-ff`. */
export interface ProfileOwnerPresence {
  /** A name that is unique among running instances, fit for a subject. */
  readonly owner: string;
  readonly partitions: string;
  /** False from the moment it begins to stop. */
  readonly serving: boolean;
}

/** An event of one user that has just been appended, riding along with the read that follows it. */
export interface AppendedEvent {
  readonly type: string;
  readonly data: unknown;
  readonly received_at: string;
  readonly schema: number;
}

/** What was just appended to the user's stream: consecutive events, the last of them at `revision` and `position`. */
export interface AppendedEvents {
  readonly events: readonly AppendedEvent[];
  readonly revision: number;
  readonly position: string;
}

/** Which parts of a profile an answer lists: the named ones of each kind, and nothing of a kind that is left out. */
export interface ProfileSelect {
  readonly custom_attributes?: readonly string[];
  readonly custom_events?: readonly string[];
  readonly purchase_events?: readonly string[];
  /** The email and phone. */
  readonly contact?: true;
}

/** Asks for a profile as it is once `min_revision` of its stream is applied. */
export interface ReadProfile {
  readonly braze_id: BrazeId;
  readonly min_revision: number;
  readonly select: ProfileSelect;
  readonly appended?: AppendedEvents;
}

/** Totals over the life of a profile. `first` and `last` are event times: ISO 8601, UTC, milliseconds. */
export interface OccurrenceTotals {
  readonly first: string;
  readonly last: string;
  readonly count: number;
}

/** The selected parts. Attributes and totals that the profile does not have are absent. */
export interface SelectedProfile {
  readonly custom_attributes?: JsonObject;
  readonly custom_events?: readonly ({ readonly name: string } & OccurrenceTotals)[];
  readonly purchase_events?: readonly ({ readonly product_id: string } & OccurrenceTotals)[];
  readonly contact?: { readonly email?: string; readonly phone?: string };
}

/** Why one item of a list was not answered. */
export interface ItemError {
  readonly error: { readonly code: string; readonly message: string };
}

/** `profile` is null where the user does not exist, was deleted or was merged away. */
export type ReadProfileReply =
  { readonly revision: number; readonly profile: SelectedProfile | null } | ItemError;

/** Asks who has an email or phone now; the answer takes in everything up to `min_position`. */
export interface ResolveIdentifier {
  readonly kind: 'email' | 'phone';
  readonly value: string;
  readonly min_position?: string;
}

/** A profile that carries the asked email or phone. */
export interface ProfileCandidate {
  readonly braze_id: BrazeId;
  readonly external_id: string | null;
  /** When it was last written to, and the position of that event to break ties. */
  readonly updated_at: string;
  readonly position: string;
  readonly revision: number;
}

export type ResolveIdentifierReply = { readonly candidates: readonly ProfileCandidate[] } | ItemError;
