import type { Json, OccurrenceTotals, PushToken, UserAlias } from '@hearth/contracts';
import { sameJson } from './json-values.ts';
import { own, type Entries } from './own-properties.ts';
import type { ActiveProfile, Profile } from './profile.ts';
import type { RecordedRejection } from './rejections.ts';
import type { GroupState } from './subscriptions.ts';

/** One thing that is different in the later of two profiles. An undefined side was not there. */
export type ProfileChange =
  | { readonly kind: 'status'; readonly from: Profile['status']; readonly to: Profile['status'] }
  | { readonly kind: 'external_id_added' | 'external_id_removed'; readonly value: string }
  | { readonly kind: 'user_alias_added' | 'user_alias_removed'; readonly value: UserAlias }
  | ValueChange<'field' | 'attribute', Json>
  | ValueChange<'custom_event' | 'purchase', OccurrenceTotals>
  | ValueChange<'revenue', number>
  | ValueChange<'subscription_group', string>
  | { readonly kind: 'push_token_added' | 'push_token_removed'; readonly value: PushToken }
  | { readonly kind: 'rejection'; readonly rejection: RecordedRejection };

interface ValueChange<Kind extends string, Value> {
  readonly kind: Kind;
  readonly name: string;
  readonly from: Value | undefined;
  readonly to: Value | undefined;
}

type ActiveParts = Omit<ActiveProfile, 'status' | 'braze_id' | 'created_at' | 'updated_at' | 'random_bucket'>;

const noParts: ActiveParts = {
  external_ids: [],
  user_aliases: [],
  fields: {},
  custom_attributes: {},
  custom_events: {},
  purchases: {},
  revenue: {},
  rejections: { count: 0, newest: [] },
};

/**
 * What happened to a profile between two moments, part by part: with the profiles before and after one event, what
 * that event did. Parts that the two share are not looked into. Where a profile ended, its status alone says so.
 */
export const changesBetween = (before: Profile, after: Profile): readonly ProfileChange[] => {
  const changes: ProfileChange[] = [];
  if (before.status !== after.status) changes.push({ kind: 'status', from: before.status, to: after.status });
  if (after.status !== 'active') return changes;
  const old = before.status === 'active' ? before : noParts;

  const added = <Item extends Json>(from: readonly Item[], to: readonly Item[]): readonly Item[] =>
    from === to ? [] : to.filter((item) => !from.some((other) => sameJson(item, other)));
  for (const value of added(old.external_ids, after.external_ids))
    changes.push({ kind: 'external_id_added', value });
  for (const value of added(after.external_ids, old.external_ids))
    changes.push({ kind: 'external_id_removed', value });
  for (const value of added(aliases(old), aliases(after))) changes.push({ kind: 'user_alias_added', value });
  for (const value of added(aliases(after), aliases(old)))
    changes.push({ kind: 'user_alias_removed', value });

  changes.push(
    ...differences('field', old.fields as Entries<Json>, after.fields as Entries<Json>),
    ...differences('attribute', old.custom_attributes, after.custom_attributes),
    ...differences('custom_event', old.custom_events, after.custom_events),
    ...differences('purchase', old.purchases, after.purchases),
    ...differences('revenue', old.revenue, after.revenue),
  );
  changes.push(
    ...differences(
      'subscription_group',
      statesOf(old.subscription_groups),
      statesOf(after.subscription_groups),
    ),
  );
  const tokens = ({ push_tokens = [] }: ActiveParts) => push_tokens.map((token) => ({ ...token }));
  for (const value of added(tokens(old), tokens(after))) changes.push({ kind: 'push_token_added', value });
  for (const value of added(tokens(after), tokens(old))) changes.push({ kind: 'push_token_removed', value });
  const fresh = after.rejections.count - old.rejections.count;
  if (fresh > 0)
    for (const rejection of after.rejections.newest.slice(-fresh))
      changes.push({ kind: 'rejection', rejection });
  return changes;
};

const statesOf = (groups: Entries<GroupState> | undefined): Entries<string> =>
  Object.fromEntries(Object.entries(groups ?? {}).map(([id, { state }]) => [id, state]));

type PlainAlias = { readonly alias_name: string; readonly alias_label: string };
const aliases = ({ user_aliases }: ActiveParts): readonly PlainAlias[] =>
  user_aliases.map(({ alias_name, alias_label }) => ({ alias_name, alias_label }));

const differences = <Kind extends string, Value extends Json | OccurrenceTotals>(
  kind: Kind,
  from: Entries<Value>,
  to: Entries<Value>,
): readonly ValueChange<Kind, Value>[] => {
  if (from === to) return [];
  const names = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...names].flatMap((name) => {
    const [old, value] = [own(from, name), own(to, name)];
    return sameJson(old as Json | undefined, value as Json | undefined)
      ? []
      : [{ kind, name, from: old, to: value }];
  });
};
