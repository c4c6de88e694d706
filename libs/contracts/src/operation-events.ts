import type { BrazeId, ClaimableIdentifier } from './identifiers.ts';

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
    }
  /** `none` moves what a device needs, and leaves the rest behind (user-data API §12.3). */
  | {
      readonly kind: 'merge';
      readonly from: BrazeId;
      readonly into: BrazeId;
      readonly behavior: 'merge' | 'none';
    }
  | {
      readonly kind: 'unmerge';
      readonly from: BrazeId;
      readonly into: BrazeId;
      /** The revision of `MergedInto` on the one stream, and of `UserMerged` on the other. */
      readonly merged_into_revision: number;
      readonly user_merged_revision: number;
    }
  | { readonly kind: 'delete'; readonly braze_id: BrazeId };

/** The events of `operation_<pp>-<id>`. */
export type OperationEvent =
  | { readonly type: 'OperationStarted'; readonly data: Operation }
  | { readonly type: 'OperationFinished'; readonly data: Record<string, never> };
