import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';

const MAX_PHONE_CHARS = 64;
const SEPARATORS = /[\s().\-/\u2010-\u2015]/g;
const INTERNATIONAL = /^\+[1-9]\d{5,14}$/;
const DIGITS = /^\d{6,20}$/;

/**
 * Reads a phone number: `+` and a country code, `00` and a country code, or digits that begin with the country code. With a
 * region, digits are first read as a number of that country (user-data API §11.5).
 *
 * A number counts when its country exists and its length is possible there. Whether the number is in use changes faster
 * than tables do, and fictitious numbers are what tests are written with.
 *
 * @returns the number in E.164, or undefined where it is none.
 */
export const parsePhone = (text: string, region: CountryCode | null): string | undefined => {
  if (text.length > MAX_PHONE_CHARS) return undefined;
  const compact = text.replace(SEPARATORS, '');
  if (compact.startsWith('+')) return international(compact);
  if (!DIGITS.test(compact)) return undefined;
  if (compact.startsWith('00')) return international(`+${compact.slice(2)}`);
  return (region === null ? undefined : national(compact, region)) ?? international(`+${compact}`);
};

const international = (text: string): string | undefined => {
  if (!INTERNATIONAL.test(text)) return undefined;
  const number = parsePhoneNumberFromString(text);
  return number?.isPossible() ? number.number : undefined;
};

const national = (digits: string, region: CountryCode): string | undefined => {
  const number = parsePhoneNumberFromString(digits, region);
  return number?.isPossible() ? number.number : undefined;
};

/** A country whose numbers can be read, by its ISO 3166 code in upper case; undefined where it is none. */
export const asPhoneRegion = (code: string): CountryCode | undefined =>
  isSupportedCountry(code) ? code : undefined;
