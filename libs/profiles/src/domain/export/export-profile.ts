import type { ExportOptions, Json, JsonObject, OccurrenceTotals } from '@hearth/contracts';
import { rendered } from '../attributes/time-value.ts';
import { own, put, type Entries } from '../own-properties.ts';
import type { ActiveProfile } from '../profile.ts';

/** Events and purchases are shown while the last one is no older than this (user-data API §13.2). */
const WINDOW_MS = 90 * 24 * 60 * 60 * 1_000;

type Part = (profile: ActiveProfile, options: ExportOptions) => Json | undefined;

const field =
  (name: keyof ActiveProfile['fields']): Part =>
  ({ fields }) =>
    fields[name] as Json | undefined;

/** What each field is made of, in the order in which they are shown. A part without a value is left out. */
const parts: Readonly<Record<string, Part>> = {
  created_at: ({ created_at }) => created_at,
  external_id: ({ external_ids }) => external_ids.at(-1),
  user_aliases: ({ user_aliases }) =>
    user_aliases.map(({ alias_name, alias_label }) => ({ alias_name, alias_label })),
  braze_id: ({ braze_id }) => braze_id,
  first_name: field('first_name'),
  last_name: field('last_name'),
  email: field('email'),
  dob: field('dob'),
  home_city: field('home_city'),
  country: field('country'),
  phone: field('phone'),
  language: field('language'),
  time_zone: field('time_zone'),
  gender: field('gender'),
  last_coordinates: ({ fields: { current_location: at } }) => at && [at.longitude, at.latitude],
  total_revenue: ({ purchases, revenue }, { base_currency }) =>
    Object.keys(purchases).length === 0 ? undefined : (own(revenue, base_currency) ?? 0),
  random_bucket: ({ random_bucket }) => random_bucket,
  push_subscribe: field('push_subscribe'),
  email_subscribe: field('email_subscribe'),
  custom_attributes: ({ custom_attributes }) => rendered(custom_attributes),
  custom_events: ({ custom_events }, { now }) => recent(custom_events, now),
  purchases: ({ purchases }, { now }) => recent(purchases, now),
  push_tokens: ({ push_tokens = [] }, { apps = [] }) =>
    push_tokens.map(({ app_id, token, device_id }) => {
      const { name, platform } = apps.find((app) => app.app_id === app_id) ?? { name: app_id };
      return { app: name, ...(platform !== undefined && { platform }), token, device_id };
    }),
};

const recent = (totals: Entries<OccurrenceTotals>, now: string): Json => {
  const since = new Date(Date.parse(now) - WINDOW_MS).toISOString();
  return Object.entries(totals)
    .filter(([, { last }]) => last >= since)
    .map(([name, { first, last, count }]) => ({ name, first, last, count }));
};

/**
 * The profile object of the public API (user-data API §13.2): the asked fields, or all of them; empty ones are left out, and
 * unknown names say nothing. The times at which subscription states were entered go with the states.
 */
export const exportProfile = (profile: ActiveProfile, options: ExportOptions): JsonObject => {
  const wanted = options.fields && new Set(options.fields);
  const shown: { [name: string]: Json } = {};
  for (const [name, part] of Object.entries(parts)) {
    if (wanted && !wanted.has(name)) continue;
    const value = part(profile, options);
    if (value !== undefined && !isEmpty(value)) shown[name] = value;
  }
  for (const [name, time] of Object.entries(profile.subscription_times ?? {}))
    if (!wanted || wanted.has(`${name.split('_')[0]!}_subscribe`)) shown[name] = time;
  const named = options.custom_attributes;
  if (named !== undefined && wanted && !wanted.has('custom_attributes')) {
    const attributes = attributesNamed(profile, named);
    if (!isEmpty(attributes)) shown['custom_attributes'] = attributes;
  }
  return shown;
};

const attributesNamed = ({ custom_attributes }: ActiveProfile, names: readonly string[]): JsonObject => {
  const found: { [name: string]: Json } = {};
  for (const name of names) {
    const value = own(custom_attributes, name);
    if (value !== undefined) put(found, name, rendered(value));
  }
  return found;
};

const isEmpty = (value: Json): boolean =>
  value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
