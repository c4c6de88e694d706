import type { Json, JsonObject, OccurrenceTotals, ProfileFields, UserAlias } from '@hearth/contracts';
import { roundedAmount } from './amounts.ts';
import { own, put, type Entries } from './own-properties.ts';
import type { ActiveProfile } from './profile.ts';
import { tokensGained } from './push-tokens.ts';
import { withStatesOf } from './subscriptions.ts';

/** Fields that the surviving profile takes over where it has none of its own (user-data API §12.5). */
const FILLED_FIELDS = [
  'first_name',
  'last_name',
  'email',
  'gender',
  'dob',
  'phone',
  'time_zone',
  'home_city',
  'country',
  'language',
] as const satisfies readonly (keyof ProfileFields)[];

/** What a merged profile brings: any part of an active profile may be missing. */
export type Contribution = Partial<
  Omit<ActiveProfile, 'status' | 'braze_id' | 'created_at' | 'updated_at' | 'random_bucket'>
>;

/** What of a merge does not fit into the surviving profile. */
export interface Merged {
  readonly profile: ActiveProfile;
  /** Currencies whose sum would be beyond what a number can hold: the survivor's stays. */
  readonly overflows: readonly string[];
}

/**
 * The surviving profile with what the other one brings (user-data API §12.5): values of the survivor win, each attribute for
 * itself and never deeply; totals are summed, their `first` is the earlier and their `last` the later one; devices move
 * over. Subscriptions live on the address (§7.2): they come along with an email or a phone that is taken over, where the
 * survivor has none of its own. External ids and what was rejected stay the survivor's.
 */
export const mergedWith = (kept: ActiveProfile, contributed: JsonObject): Merged => {
  const other = contributed as Contribution;
  const { sums, overflows } = summed(kept.revenue, other.revenue ?? {});
  // The survivor's go last: they are its newest, and win on a device of both.
  const push_tokens = tokensGained(other.push_tokens, kept.push_tokens ?? []);
  const fields = filled(kept.fields, other.fields ?? {});
  const took = (name: 'email' | 'phone'): boolean => fields[name] !== kept.fields[name];
  const profile: ActiveProfile = {
    ...kept,
    ...(push_tokens.length > 0 && { push_tokens }),
    user_aliases: joinedAliases(kept.user_aliases, other.user_aliases ?? []),
    fields,
    custom_attributes: joined<Json>(kept.custom_attributes, other.custom_attributes ?? {}, (own) => own),
    custom_events: joined(kept.custom_events, other.custom_events ?? {}, together),
    purchases: joined(kept.purchases, other.purchases ?? {}, together),
    revenue: sums,
  };
  return { profile: withStatesOf(profile, other, { email: took('email'), phone: took('phone') }), overflows };
};

/** The entries of both; where both have one, what `choose` makes of the survivor's and the other's. */
const joined = <Value>(
  kept: Entries<Value>,
  other: Entries<Value>,
  choose: (kept: Value, other: Value) => Value,
): Entries<Value> => {
  const fresh: { [key: string]: Value } = { ...kept };
  for (const [key, value] of Object.entries(other)) {
    const known = own(kept, key);
    put(fresh, key, known === undefined ? value : choose(known, value));
  }
  return fresh;
};

const together = (a: OccurrenceTotals, b: OccurrenceTotals): OccurrenceTotals => ({
  first: a.first < b.first ? a.first : b.first,
  last: a.last > b.last ? a.last : b.last,
  count: a.count + b.count,
});

const summed = (
  kept: Entries<number>,
  other: Entries<number>,
): { sums: Entries<number>; overflows: readonly string[] } => {
  const overflows: string[] = [];
  const sums = joined(kept, other, (a, b) => roundedAmount(a + b));
  const finite: { [currency: string]: number } = {};
  for (const [currency, sum] of Object.entries(sums)) {
    if (!Number.isFinite(sum)) overflows.push(currency);
    put(finite, currency, Number.isFinite(sum) ? sum : own(kept, currency)!);
  }
  return { sums: finite, overflows };
};

const filled = (kept: ProfileFields, other: ProfileFields): ProfileFields => {
  const fresh: { -readonly [Name in keyof ProfileFields]: ProfileFields[Name] } = { ...kept };
  const fill = <Name extends (typeof FILLED_FIELDS)[number]>(name: Name): void => {
    if (isEmpty(fresh[name]) && !isEmpty(other[name])) fresh[name] = other[name];
  };
  FILLED_FIELDS.forEach(fill);
  const first = times(kept.date_of_first_session, other.date_of_first_session).at(0);
  const last = times(kept.date_of_last_session, other.date_of_last_session).at(-1);
  if (first !== undefined) fresh.date_of_first_session = first;
  if (last !== undefined) fresh.date_of_last_session = last;
  return fresh;
};

/** An empty text is no value, as in exports. */
const isEmpty = (value: string | null | undefined): boolean => (value ?? '') === '';

/** Those of two times that are there, the earlier one first. */
const times = (...both: readonly (string | null | undefined)[]): readonly string[] =>
  both.filter((time) => typeof time === 'string').toSorted();

/** Aliases move over; where both have a name under one label, the survivor's stays. */
const joinedAliases = (kept: readonly UserAlias[], other: readonly UserAlias[]): readonly UserAlias[] => {
  const labels = new Set(kept.map(({ alias_label }) => alias_label));
  return [...kept, ...other.filter(({ alias_label }) => !labels.has(alias_label))];
};
