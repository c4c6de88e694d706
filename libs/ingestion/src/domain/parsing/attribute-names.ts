import type { Json, ProfileFields } from '@hearth/contracts';

import type { Refusal } from './errors.ts';
import { fieldReaders, type Writable } from './profile-fields.ts';
import type { AttributeRule, TrackRules } from './track-rules.ts';

/** What a name of an attributes object stands for, where it is not a custom attribute like any other. */
export type KnownName =
  /** Neither profile fields nor custom attributes (user-data API §7, §7.1), or blocklisted (§8.1). */
  | { readonly kind: 'left_out' }
  | { readonly kind: 'subscription_groups' }
  | { readonly kind: 'push_tokens' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'field'; readonly read: FieldReader }
  | { readonly kind: 'custom'; readonly rule: AttributeRule };

type FieldReader = (sent: Json, fields: Writable<ProfileFields>) => Refusal | undefined;

const LEFT_OUT: KnownName = { kind: 'left_out' };

const builtIn: ReadonlyMap<string, KnownName> = new Map<string, KnownName>([
  ...[
    'external_id',
    'user_alias',
    'braze_id',
    'email',
    'phone',
    '_update_existing_only',
    '_merge_objects',
    'push_token_import',
    'alias_name',
    'alias_label',
    'bio',
  ].map((name): [string, KnownName] => [name, LEFT_OUT]),
  ['subscription_groups', { kind: 'subscription_groups' }],
  ['push_tokens', { kind: 'push_tokens' }],
  ['email_subscription_info', { kind: 'refused' }],
  ...[...fieldReaders].map(([name, read]): [string, KnownName] => [name, { kind: 'field', read }]),
]);

const compile = ({ blocklistedAttributes, attributeRules }: TrackRules): ReadonlyMap<string, KnownName> => {
  const names = new Map<string, KnownName>();
  for (const [name, rule] of attributeRules) names.set(name, { kind: 'custom', rule });
  for (const name of blocklistedAttributes) names.set(name, LEFT_OUT);
  for (const [name, known] of builtIn) names.set(name, known);
  return names;
};

let latest: { readonly rules: TrackRules; readonly names: ReadonlyMap<string, KnownName> } | undefined;

/**
 * What names stand for under these rules: one look-up decides, however much the workspace holds. The table is made anew when
 * the rules are other ones than at the last call, which they are when somebody changes the workspace.
 */
export const knownNames = (rules: TrackRules): ReadonlyMap<string, KnownName> => {
  if (latest?.rules !== rules) latest = { rules, names: compile(rules) };
  return latest.names;
};
