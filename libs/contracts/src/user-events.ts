import type { BrazeId, ClaimableIdentifier, PushTokenName } from './identifiers.ts';
import type { JsonObject } from './json.ts';

/**
 * The events of a user's stream `user_<pp>-<braze_id>` and of an identity stream. A fold reads one stream and
 * nothing else, so every value here is already normalised and every limit that is not the default is stamped in.
 * Times are ISO 8601 in UTC with milliseconds.
 */
export type UserEvent =
  | { readonly type: 'UserCreated'; readonly data: UserCreated }
  | { readonly type: 'IdentifierAdded'; readonly data: { readonly identifier: ClaimableIdentifier } }
  | { readonly type: 'IdentifierRemoved'; readonly data: { readonly identifier: ClaimableIdentifier } }
  | { readonly type: 'AttributesUpdated'; readonly data: AttributesUpdated }
  | { readonly type: 'CustomEventRecorded'; readonly data: CustomEventRecorded }
  | { readonly type: 'PurchaseRecorded'; readonly data: PurchaseRecorded }
  | { readonly type: 'SubscriptionGroupChanged'; readonly data: SubscriptionGroupChanged }
  | { readonly type: 'MergedInto'; readonly data: { readonly braze_id: BrazeId } }
  | { readonly type: 'UserMerged'; readonly data: UserMerged }
  | { readonly type: 'MergeUndone'; readonly data: MergeUndone }
  | { readonly type: 'UserForestalled'; readonly data: UserForestalled }
  | { readonly type: 'ProfileRestated'; readonly data: ProfileRestated }
  | { readonly type: 'UserDeleted'; readonly data: Record<string, never> };

export type UserEventType = UserEvent['type'];

/** The first event of a user. `random_bucket` is 0 to 9999 and never changes. */
export interface UserCreated {
  readonly braze_id: BrazeId;
  /** What the user was created by. An email or phone is also the profile's first value of that field. */
  readonly identifier: ClaimableIdentifier;
  readonly random_bucket: number;
}

/** Profile fields as the public API names them, normalised; null clears one (user-data API §7.1). */
export interface ProfileFields {
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly first_name?: string | null;
  readonly last_name?: string | null;
  readonly home_city?: string | null;
  readonly country?: string | null;
  readonly language?: string | null;
  readonly time_zone?: string | null;
  readonly dob?: string | null;
  readonly gender?: string | null;
  readonly image_url?: string | null;
  readonly current_location?: { readonly longitude: number; readonly latitude: number } | null;
  readonly date_of_first_session?: string | null;
  readonly date_of_last_session?: string | null;
  readonly email_subscribe?: string | null;
  readonly push_subscribe?: string | null;
  readonly email_open_tracking_disabled?: boolean | null;
  readonly email_click_tracking_disabled?: boolean | null;
  readonly marked_email_as_spam_at?: string | null;
  readonly facebook?: FacebookAccount | null;
  readonly twitter?: TwitterAccount | null;
}

/** What is known of the user on Facebook: any part of it. */
export interface FacebookAccount {
  readonly id?: string;
  readonly likes?: readonly string[];
  readonly num_friends?: number;
}

/** What is known of the user on Twitter: any part of it. */
export interface TwitterAccount {
  readonly id?: number;
  readonly screen_name?: string;
  readonly followers_count?: number;
  readonly friends_count?: number;
  readonly statuses_count?: number;
}

/**
 * One attributes object: operations as sent, never results. In `custom`, a recognised time string stands as
 * `{"$time": iso}`; operators (`inc`, `add`, `remove`, `$add`, `$update`, `$remove`) stand as sent; null removes.
 */
export interface AttributesUpdated {
  readonly fields?: ProfileFields;
  readonly custom?: JsonObject;
  /** Nested objects are merged deeply instead of replaced (`_merge_objects`). */
  readonly merge_objects?: true;
  /** How many items a list keeps, for the attributes of `custom` that have a limit of their own (§8.4). */
  readonly list_limits?: { readonly [name: string]: number };
  /** Tokens that the profile gains; one it has already stays as it is. Null clears them all. */
  readonly push_tokens?: readonly PushToken[] | null;
  /** Tokens that went over to another profile. */
  readonly lost_push_tokens?: readonly PushTokenName[];
  /** Custom attributes that were sent and not taken, and why: the fold lists them among the profile's rejections. */
  readonly dropped?: readonly DroppedAttribute[];
}

/** What a device receives push messages by. `device_id` is derived from app and token where none was sent. */
export interface PushToken extends PushTokenName {
  readonly device_id: string;
}

/** The user's state in one subscription group (user-data API §7.1, §17). */
export interface SubscriptionGroupChanged {
  readonly subscription_group_id: string;
  readonly subscription_state: 'subscribed' | 'unsubscribed';
  /** As sent: it matters to those who send messages to the numbers of SMS groups. */
  readonly use_double_opt_in_logic?: boolean;
}

/**
 * What a merged user brought into the surviving one (user-data API §12.5): the whole of its profile as folded right before
 * the merge, so that the survivor's fold reads no other stream.
 */
export interface UserMerged {
  readonly from: BrazeId;
  /** The revision of `MergedInto` on the other user's stream. */
  readonly at_revision: number;
  readonly contributed: JsonObject;
}

/** A merge is taken back, on both streams: both are folded again without it. */
export interface MergeUndone {
  /** The other user of the merge. */
  readonly with: BrazeId;
  /** The revision, on this stream, of the `MergedInto` or `UserMerged` that no longer counts. */
  readonly undone_revision: number;
}

/**
 * The user that the next claim of an identifier would create never comes to be: the identifier goes to a user who is there
 * already, or is let go of (null). The only event of its stream; it decides the race with those who would create the user.
 */
export interface UserForestalled {
  readonly braze_id: BrazeId | null;
}

/**
 * The whole profile as it stands, so that the events before it can be erased: they held data of somebody else, who was
 * merged in, taken out again and deleted.
 */
export interface ProfileRestated {
  readonly profile: JsonObject;
  /** Who is merged into this user and still counts. */
  readonly merged: readonly BrazeId[];
  /** The request and operation streams that the events before it came from. */
  readonly streams: readonly string[];
}

/** A custom attribute that stays as it was although a request names it; the request succeeds (user-data API §8.2, §8.5). */
export interface DroppedAttribute {
  readonly name: string;
  readonly reason: DropReason;
}

export type DropReason =
  | 'bad_name'
  | 'string_too_long'
  | 'too_large'
  | 'mixed_list'
  | 'malformed_operator'
  | 'not_an_integer'
  | 'null_inside'
  | 'bad_key'
  | 'bad_time'
  | 'forced_type';

/** One custom event. `time` is the event's own time, never later than `received_at` of its metadata. */
export interface CustomEventRecorded {
  readonly name: string;
  readonly time: string;
  readonly app_id?: string;
  readonly properties?: JsonObject;
}

/** One purchase object: `quantity` separate purchases of one. `price` is in base units and may be negative. */
export interface PurchaseRecorded {
  readonly product_id: string;
  readonly currency: string;
  readonly price: number;
  readonly quantity: number;
  readonly time: string;
  readonly app_id?: string;
  readonly properties?: JsonObject;
}

/** The events of `identity_<pp>-<hash>`: who an identifier names. The newest one holds. */
export type IdentityEvent =
  | { readonly type: 'IdentifierClaimed'; readonly data: { readonly braze_id: BrazeId } }
  | { readonly type: 'IdentifierReleased'; readonly data: Record<string, never> };
