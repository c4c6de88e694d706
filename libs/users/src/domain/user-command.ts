import type {
  AttributesUpdated,
  BrazeId,
  ClaimableIdentifier,
  CustomEventRecorded,
  PurchaseRecorded,
  SubscriptionGroupChanged,
} from '@hearth/contracts';

/**
 * What can be asked of a user whose identity is already resolved. The data is that of the event it becomes: validated,
 * normalised, times clamped. One object of a track request is one or two of these.
 */
export type UserCommand =
  | { readonly type: 'UpdateAttributes'; readonly data: AttributesUpdated }
  | { readonly type: 'RecordCustomEvent'; readonly data: CustomEventRecorded }
  | { readonly type: 'RecordPurchase'; readonly data: PurchaseRecorded }
  | { readonly type: 'ChangeSubscriptionGroup'; readonly data: SubscriptionGroupChanged };

/** Makes the user that an identifier was claimed for. */
export interface CreateUser {
  readonly type: 'CreateUser';
  readonly data: { readonly braze_id: BrazeId; readonly identifier: ClaimableIdentifier };
}
