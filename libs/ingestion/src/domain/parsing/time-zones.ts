import { RAILS_TIME_ZONES } from './rails-time-zones.ts';

const known = new Map<string, string>();
for (const zone of Intl.supportedValuesOf('timeZone')) known.set(zone, zone);
for (const [name, zone] of Object.entries(RAILS_TIME_ZONES)) known.set(name, zone);

/** What an IANA name can look like. Offsets such as `+01:00` name no zone, though `Intl` takes them. */
const IANA_NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;
const LONGEST_NAME = 64;

/**
 * The IANA name of a time zone given by its IANA or Rails name, or undefined where there is none: the field is then left as
 * it is, without an error (user-data API §7.1).
 */
export const timeZoneName = (text: string): string | undefined =>
  known.get(text) ?? (text.length <= LONGEST_NAME && IANA_NAME.test(text) ? olderName(text) : undefined);

/** Older names are missing from the list of supported zones and still valid, and case does not matter. */
const olderName = (text: string): string | undefined => {
  try {
    const zone = new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
    return zone.toLowerCase() === text.toLowerCase() ? zone : text;
  } catch {
    return undefined;
  }
};
