import { isJsonObject, type Json, type ProfileFields } from '@hearth/contracts';

import { countryCode } from './countries.ts';
import { refusals, type Refusal } from './errors.ts';
import { languageCode } from './languages.ts';
import { MAX_CHARS, MAX_URL_CHARS } from './limits.ts';
import { readFacebook, readTwitter } from './social-accounts.ts';
import { isLonger } from './text-length.ts';
import { isCalendarDay, isStorable, parseTime, toIso } from './time-strings.ts';
import { timeZoneName } from './time-zones.ts';

/** Profile fields while they are being read. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The profile fields that are read one by one; email and phone are read with the identifiers. */
export type FieldName = Exclude<keyof ProfileFields, 'email' | 'phone'>;

/** What becomes of a value: normalised, left as it is on the profile, or the refusal of the whole object. */
type Reading<T> = { readonly value: T } | typeof IGNORED | Refusal;
const IGNORED = undefined;

type Reader<T> = (sent: Exclude<Json, null>) => Reading<T>;

const text =
  (field: FieldName, longest: number): Reader<string> =>
  (sent) =>
    typeof sent !== 'string' ? refusals.invalid(field) : isLonger(sent, longest) ? IGNORED : { value: sent };

const flag =
  (field: FieldName): Reader<boolean> =>
  (sent) =>
    typeof sent === 'boolean' ? { value: sent } : refusals.invalid(field);

const time =
  (field: FieldName): Reader<string> =>
  (sent) => {
    const epochMs = typeof sent === 'string' ? parseTime(sent) : undefined;
    return epochMs !== undefined && isStorable(epochMs) ? { value: toIso(epochMs) } : refusals.invalid(field);
  };

const subscription =
  (field: FieldName): Reader<string> =>
  (sent) =>
    sent === 'subscribed' || sent === 'unsubscribed' || sent === 'opted_in'
      ? { value: sent }
      : refusals.subscriptionState(field);

/** Takes what the table knows; anything else, of whatever type, leaves the field as it is. */
const known =
  (find: (sent: string) => string | undefined): Reader<string> =>
  (sent) => {
    const value = typeof sent === 'string' ? find(sent) : undefined;
    return value === undefined ? IGNORED : { value };
  };

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const dayOfBirth = (sent: string): string | undefined => {
  const match = DAY.exec(sent);
  if (match === null || Number(match[1]) > 3000) return undefined;
  return isCalendarDay(Number(match[1]), Number(match[2]), Number(match[3])) ? sent : undefined;
};

const GENDERS = new Set(['M', 'F', 'O', 'N', 'P']);

const isWithin = (value: Json | undefined, limit: number): value is number =>
  typeof value === 'number' && Math.abs(value) <= limit;

const location: Reader<NonNullable<ProfileFields['current_location']>> = (sent) => {
  if (!isJsonObject(sent)) return refusals.currentLocation;
  const { longitude, latitude } = sent;
  return isWithin(longitude, 180) && isWithin(latitude, 90)
    ? { value: { longitude, latitude } }
    : refusals.currentLocation;
};

const readers: { readonly [K in FieldName]: Reader<NonNullable<ProfileFields[K]> | null> } = {
  first_name: text('first_name', MAX_CHARS),
  last_name: text('last_name', MAX_CHARS),
  home_city: text('home_city', MAX_CHARS),
  image_url: text('image_url', MAX_URL_CHARS),
  country: (sent) => ({ value: typeof sent === 'string' ? countryCode(sent) : null }),
  language: known(languageCode),
  time_zone: known(timeZoneName),
  dob: known(dayOfBirth),
  gender: known((sent) => (GENDERS.has(sent) ? sent : undefined)),
  current_location: location,
  date_of_first_session: time('date_of_first_session'),
  date_of_last_session: time('date_of_last_session'),
  marked_email_as_spam_at: time('marked_email_as_spam_at'),
  email_subscribe: subscription('email_subscribe'),
  push_subscribe: subscription('push_subscribe'),
  email_open_tracking_disabled: flag('email_open_tracking_disabled'),
  email_click_tracking_disabled: flag('email_click_tracking_disabled'),
  facebook: readFacebook,
  twitter: readTwitter,
};

/** Reads one field into `fields`. Null clears it. */
function fieldInto<K extends FieldName>(name: K) {
  const read = readers[name];
  return (sent: Json, fields: Writable<Pick<ProfileFields, K>>): Refusal | undefined => {
    const reading = sent === null ? { value: null } : read(sent);
    if (typeof reading === 'string') return reading;
    if (reading !== IGNORED) fields[name] = reading.value;
    return undefined;
  };
}

/**
 * How to read the profile fields, by name. A reader writes the normalised value into the fields it is given; a value that the
 * API ignores without an error is not written; the result is the refusal of the object, if any (user-data API §4.3, §7.1).
 */
export const fieldReaders: ReadonlyMap<
  string,
  (sent: Json, fields: Writable<ProfileFields>) => Refusal | undefined
> = new Map((Object.keys(readers) as FieldName[]).map((name) => [name, fieldInto(name)]));
