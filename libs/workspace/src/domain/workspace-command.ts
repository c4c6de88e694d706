import type { AppRegistered, ForcedType, SubscriptionGroupCreated } from '@hearth/contracts';

/** What can be asked of a workspace's settings. */
export type WorkspaceCommand =
  | { readonly type: 'RegisterApp'; readonly data: AppRegistered }
  | { readonly type: 'CreateSubscriptionGroup'; readonly data: SubscriptionGroupCreated }
  | {
      readonly type: 'ChangeBlocklist';
      readonly data: {
        readonly list: 'attributes' | 'events' | 'external_ids';
        readonly add: readonly string[];
        readonly remove: readonly string[];
      };
    }
  | {
      readonly type: 'ForceAttributeType';
      readonly data: { readonly name: string; readonly data_type: ForcedType | null };
    }
  | {
      readonly type: 'SetAttributeListLimit';
      readonly data: { readonly name: string; readonly limit: number | null };
    };

/** Why settings stay as they are. */
export type WorkspaceRejection = 'malformed' | 'group_exists' | 'blocklist_full';
