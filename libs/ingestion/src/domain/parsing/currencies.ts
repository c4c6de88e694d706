/** ISO 4217 codes that are not money to pay with, and so missing from `Intl`: funds, units of account, metals, tests. */
const FURTHER_CODES =
  'BOV CHE CHW CLF COU MXV USN UYI UYW VED XAD XAG XAU XBA XBB XBC XBD XPD XPT XSU XTS XUA XXX';

const CODES: ReadonlySet<string> = new Set([
  ...Intl.supportedValuesOf('currency'),
  ...FURTHER_CODES.split(' '),
]);

const LETTERS = /^[a-z]{3}$/i;

/** An ISO 4217 code in upper case, or undefined where there is no such currency (user-data API §10). */
export const currencyCode = (text: string): string | undefined => {
  if (CODES.has(text)) return text;
  // Letters of other alphabets have capitals among those of codes.
  const code = LETTERS.test(text) ? text.toUpperCase() : '';
  return CODES.has(code) ? code : undefined;
};
