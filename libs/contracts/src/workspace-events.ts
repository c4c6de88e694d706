/** The one stream of what a workspace is set to. Ingestion writes it; every service that needs a setting follows it. */
export const WORKSPACE_STREAM = 'workspace-settings';

/** What a subscription group sends: its states belong to the email address, or to the phone number (user-data API §7.2). */
export type GroupChannel = 'email' | 'sms';

/** The data types that an attribute can be held to (user-data API §8.2). */
export const FORCED_TYPES = [
  'boolean',
  'number',
  'string',
  'time',
  'array',
  'object',
  'object_array',
] as const;
export type ForcedType = (typeof FORCED_TYPES)[number];

/** An app of the workspace, as `app_id` names it. */
export interface AppRegistered {
  readonly app_id: string;
  readonly name: string;
  readonly platform?: string;
}

/** A subscription group. Its id is a UUID. */
export interface SubscriptionGroupCreated {
  readonly id: string;
  readonly name: string;
  readonly channel: GroupChannel;
}

/** The events of `workspace-settings`. A null takes a setting back. */
export type WorkspaceEvent =
  | { readonly type: 'AppRegistered'; readonly data: AppRegistered }
  | { readonly type: 'SubscriptionGroupCreated'; readonly data: SubscriptionGroupCreated }
  | { readonly type: 'AttributeBlocklisted'; readonly data: { readonly name: string } }
  | { readonly type: 'AttributeUnblocklisted'; readonly data: { readonly name: string } }
  | { readonly type: 'EventBlocklisted'; readonly data: { readonly name: string } }
  | { readonly type: 'EventUnblocklisted'; readonly data: { readonly name: string } }
  | { readonly type: 'ExternalIdBlocked'; readonly data: { readonly external_id: string } }
  | { readonly type: 'ExternalIdUnblocked'; readonly data: { readonly external_id: string } }
  | {
      readonly type: 'AttributeTypeForced';
      readonly data: { readonly name: string; readonly data_type: ForcedType | null };
    }
  | {
      readonly type: 'AttributeListLimitSet';
      readonly data: { readonly name: string; readonly limit: number | null };
    };
