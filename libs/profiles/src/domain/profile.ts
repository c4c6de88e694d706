import type {
  BrazeId,
  JsonObject,
  OccurrenceTotals,
  ProfileFields,
  PushToken,
  UserAlias,
} from '@hearth/contracts';
import type { Entries } from './own-properties.ts';
import type { RejectionLog } from './rejections.ts';
import type { GroupState } from './subscriptions.ts';

/**
 * What the events of one user's stream add up to. It is plain JSON, so that it survives being written down and read
 * back, and it is never changed in place: parts that an event leaves alone are shared with the profile before it.
 */
export type Profile = UnknownProfile | ActiveProfile | MergedProfile | DeletedProfile;

/** A stream in which no user was created. */
export interface UnknownProfile {
  readonly status: 'unknown';
}

export interface ActiveProfile {
  readonly status: 'active';
  readonly braze_id: BrazeId;
  /** When Hearth took in the first event: ISO 8601, like every time here. */
  readonly created_at: string;
  /** When Hearth took in the newest event that this view knows. */
  readonly updated_at: string;
  readonly random_bucket: number;
  /** Oldest first. The last one is the primary id; those before it are deprecated and still name the user. */
  readonly external_ids: readonly string[];
  readonly user_aliases: readonly UserAlias[];
  /** Only fields that have a value. */
  readonly fields: ProfileFields;
  /** Stored values by name; a time stands as `{"$time": iso}`. */
  readonly custom_attributes: JsonObject;
  /** By event name, over the life of the profile. */
  readonly custom_events: Entries<OccurrenceTotals>;
  /** By product_id; a quantity of three counts as three. */
  readonly purchases: Entries<OccurrenceTotals>;
  /** Price times quantity, summed up per currency. */
  readonly revenue: Entries<number>;
  readonly rejections: RejectionLog;
  /** By group id; absent where the profile is in none. */
  readonly subscription_groups?: Entries<GroupState>;
  /** When it came into its subscription states, such as `push_opted_in_at`; absent where it never changed one. */
  readonly subscription_times?: Entries<string>;
  /** Oldest first; absent where there are none. */
  readonly push_tokens?: readonly PushToken[];
}

/** Merged into another user: it is gone from every look-up. */
export interface MergedProfile {
  readonly status: 'merged';
  readonly merged_into: BrazeId;
  readonly merged_at: string;
}

/**
 * Deleted. It depends on nothing but the deletion itself, so a fold gives the same profile before and after the
 * earlier events of the stream are erased.
 */
export interface DeletedProfile {
  readonly status: 'deleted';
  readonly deleted_at: string;
}

/** Where every fold starts. */
export const unknownProfile: UnknownProfile = { status: 'unknown' };

/** The id that names the user now; deprecated ones are left out. */
export const primaryExternalId = (profile: Profile): string | null =>
  profile.status === 'active' ? (profile.external_ids.at(-1) ?? null) : null;
