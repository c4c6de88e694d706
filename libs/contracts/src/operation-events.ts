import type { BrazeId, ClaimableIdentifier, PushTokenName } from './identifiers.ts';
import type { SubscriptionGroupChanged } from './user-events.ts';
import type { GroupChannel } from './workspace-events.ts';

/**
 * Work over several streams. It names users by braze_id, never by what named them in a request, so that doing it again means
 * the same users. What it does is told apart from other work by event ids that derive from the operation's id.
 */
export type Operation =
  /** A user gains and loses identifiers. */
  | {
      readonly kind: 'change_identifiers';
      readonly braze_id: BrazeId;
      readonly add: readonly ClaimableIdentifier[];
      readonly remove: readonly ClaimableIdentifier[];
      /** What has to be the primary external id before it; null: the user must have none. */
      readonly primary?: string | null;
      readonly name?: NameHash;
    }
  /** `none` moves what a device needs, and leaves the rest behind (user-data API §12.3). */
  | {
      readonly kind: 'merge';
      readonly from: BrazeId;
      readonly into: BrazeId;
      readonly behavior: 'merge' | 'none';
      /** Set where the merge gives `from` an external id: only while it has none, and while `into` has no alias under the label. */
      readonly identifies?: { readonly alias_label?: string };
      readonly from_name?: NameHash;
      readonly into_name?: NameHash;
    }
  | {
      readonly kind: 'unmerge';
      readonly from: BrazeId;
      readonly into: BrazeId;
      /** The revision of `MergedInto` on the one stream, and of `UserMerged` on the other. */
      readonly merged_into_revision: number;
      readonly user_merged_revision: number;
    }
  | { readonly kind: 'delete'; readonly braze_id: BrazeId; readonly name?: NameHash }
  /** Subscription states that were set on a user are those of everybody with the same address (user-data API §7.2). */
  | {
      readonly kind: 'spread_subscriptions';
      readonly braze_id: BrazeId;
      readonly email_subscribe?: string | null;
      readonly groups: readonly SpreadGroup[];
    }
  /** A user gained push tokens that others held: they lose them, and whom an import made for one goes (§7.3). */
  | {
      readonly kind: 'move_push_tokens';
      readonly braze_id: BrazeId;
      readonly tokens: readonly PushTokenName[];
    };

/**
 * The keyed hash of what a user was named by: an external id, an alias, an email or a phone. A user who goes by it no longer when
 * it comes to that is not meant any more.
 */
export type NameHash = string;

/** A state in a group, with the kind of address that it belongs to. */
export interface SpreadGroup extends SubscriptionGroupChanged {
  readonly channel: GroupChannel;
}

/**
 * What came of an operation: `done`, or why nothing was changed. `gone`: a user was not there any more; `taken`: an identifier
 * names somebody else; `busy`: another operation is giving or taking it; `too_large`: what a merge would bring does not fit into an
 * event; the others are the rules of names.
 */
export type OperationOutcome =
  | 'done'
  | 'gone'
  | 'taken'
  | 'busy'
  | 'too_large'
  | 'label_taken'
  | 'not_named_so'
  | 'is_primary'
  | 'other_primary';

/** The events of `operation_<pp>-<id>`. */
export type OperationEvent =
  | { readonly type: 'OperationStarted'; readonly data: Operation }
  | { readonly type: 'OperationFinished'; readonly data: { readonly outcome: OperationOutcome } };
