import type { ForcedType, GroupChannel } from '@hearth/contracts';
import type { CountryCode } from 'libphonenumber-js/min';

/**
 * What a deployment may set about parsing track bodies. The public documentation contradicts itself on some of these
 * (user-data API §19); others depend on the workspace.
 */
export interface TrackRules {
  /** How many objects a request may carry: that many in each array, or that many in all (§5.1). */
  readonly limit: { readonly mode: 'per_array' | 'combined'; readonly objects: number };
  /**
   * True: an object with more than one of external_id, user_alias and braze_id is refused. False: the first present one in
   * that order counts and the others are ignored (§11.2).
   */
  readonly strictPrimary: boolean;
  /** Whether an email or phone that did not serve to look up the profile is written to it from events and purchases too. */
  readonly writeSecondaryFromEvents: boolean;
  /** The country of phone numbers without a country code; null: such numbers are read as if the plus were missing (§11.5). */
  readonly phoneRegion: CountryCode | null;
  /** The external_ids of dummy users: their objects are refused (§4.3). */
  readonly blockedExternalIds: ReadonlySet<string>;
  /** Custom attributes that are dropped without an error (§8.1). */
  readonly blocklistedAttributes: ReadonlySet<string>;
  /** Events that are dropped without an error (§9). */
  readonly blocklistedEvents: ReadonlySet<string>;
  /** The apps of the workspace; null: every app_id is taken as known (§9). */
  readonly appIds: ReadonlySet<string> | null;
  /** The subscription groups of the workspace and what they send; null: every UUID is taken as known (§4.3). */
  readonly subscriptionGroups: ReadonlyMap<string, GroupChannel> | null;
  /** The custom attributes that have a rule of their own. */
  readonly attributeRules: ReadonlyMap<string, AttributeRule>;
  /** The device of a push token that was sent without one: always the same for the same app and token (§7.1). */
  readonly deviceIdOf: (appId: string, token: string) => string;
}

/** What a workspace may set for one custom attribute; everything in it is optional. */
export interface AttributeRule {
  /** Incoming values become this type, or are left out (§8.2). */
  readonly forcedType?: ForcedType;
  /** How many items a list of scalars keeps (§8.4). */
  readonly listLimit?: number;
}

const nothing: ReadonlySet<string> = new Set();

/** The decisions of §19, for a workspace without blocklists whose apps and groups are not known. */
export const defaultTrackRules: TrackRules = {
  limit: { mode: 'per_array', objects: 75 },
  strictPrimary: true,
  writeSecondaryFromEvents: true,
  phoneRegion: null,
  blockedExternalIds: nothing,
  blocklistedAttributes: nothing,
  blocklistedEvents: nothing,
  appIds: null,
  subscriptionGroups: null,
  attributeRules: new Map(),
  deviceIdOf: (appId, token) => `${appId}:${token}`,
};
