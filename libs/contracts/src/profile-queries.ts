import type { BrazeId, Identifier } from './identifiers.ts';
import type { JsonObject } from './json.ts';
import type { ItemError } from './profile-messages.ts';
import type { SegmentFilter } from './segment-events.ts';
import type { AppRegistered } from './workspace-events.ts';

/**
 * The questions of the reading REST API to profile owners. An owner answers for its own users alone; whoever asks puts the
 * answers of all owners together. As with the other messages, a list travels in and a list of the same length comes back.
 */

/** `ProfileQuery[]` in, as many replies or `ItemError`s out. */
export const profilesQuerySubject = (owner: string): string => `profiles.query.${owner}`;

/** What a user is looked up by: every identifier of the public API, deprecated external ids and devices included. */
export type UserLookup = Identifier | { readonly kind: 'device_id'; readonly value: string };

/** Who is named by this now, once everything up to `min_position` is applied. */
export interface FindUsers {
  readonly query: 'find';
  readonly lookup: UserLookup;
  readonly min_position?: string;
}

/** A moment of the log that a profile is shown at: a time (ISO 8601, UTC, milliseconds) or a position. */
export type AsOf = { readonly time: string } | { readonly position: string };

/** How profiles are shown (user-data API §13.2). */
export interface ExportOptions {
  /** Field names of the public API; all of them where it is left out. */
  readonly fields?: readonly string[];
  /** Custom attributes that are shown although `custom_attributes` is not among the fields. */
  readonly custom_attributes?: readonly string[];
  /** The moment that the window of events and purchases ends at: ISO 8601, UTC, milliseconds. */
  readonly now: string;
  /** The currency that `total_revenue` is the sum of: an ISO 4217 code. */
  readonly base_currency: string;
  /** The apps that push tokens are shown with; a token of another one is shown with its id. */
  readonly apps?: readonly AppRegistered[];
}

/** The profile of one user as the public API shows it. */
export interface ExportUser {
  readonly query: 'export';
  readonly braze_id: BrazeId;
  readonly options: ExportOptions;
  readonly as_of?: AsOf;
}

/** Names that profiles carry, in the order of their code points. */
export type NameKind = 'custom_event' | 'product';

/** The names right after `after`, at most `limit` of them. */
export interface ListNames {
  readonly query: 'names';
  readonly kind: NameKind;
  readonly after?: string;
  readonly limit: number;
  readonly min_position?: string;
}

/** What one user is subscribed to. */
export interface ReadSubscriptions {
  readonly query: 'subscriptions';
  readonly braze_id: BrazeId;
}

/** A user as subscriptions show it; `groups` are the states by group id, of groups that the user ever had a state in. */
export interface UserSubscriptions {
  readonly external_id: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly groups: Readonly<Record<string, 'subscribed' | 'unsubscribed'>>;
}

/** The users of one partition who belong to a segment: those right after `after`, as many as fit one answer. */
export interface ExportSegmentPage {
  readonly query: 'segment';
  readonly partition: string;
  readonly filter: SegmentFilter;
  readonly options: ExportOptions;
  readonly after?: BrazeId;
  readonly min_position?: string;
}

/** Takes or renews the right to do something that only one may do at a time; 0 milliseconds give it back. */
export interface TakeLease {
  readonly query: 'lease';
  readonly name: string;
  readonly holder: string;
  readonly milliseconds: number;
}

export type ProfileQuery =
  FindUsers | ExportUser | ListNames | ReadSubscriptions | ExportSegmentPage | TakeLease;

/** What a query is answered with. */
export interface ProfileQueryReplies {
  readonly find: { readonly braze_ids: readonly BrazeId[] };
  /** Null where there is no such user: never created, deleted, or merged into another. */
  readonly export: { readonly user: JsonObject | null };
  readonly names: { readonly names: readonly string[] };
  /** `next` is the `after` of the next page; null after the last one. */
  readonly segment: { readonly users: readonly JsonObject[]; readonly next: BrazeId | null };
  readonly lease: { readonly granted: boolean };
  /** Null where there is no such user. */
  readonly subscriptions: { readonly user: UserSubscriptions | null };
}

export type ProfileQueryReply = ProfileQueryReplies[keyof ProfileQueryReplies] | ItemError;
