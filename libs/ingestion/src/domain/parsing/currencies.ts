const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/**
 * An ISO 4217 code in upper case, or undefined where there is no such currency. Withdrawn codes count: purchases of the past
 * were made in them (user-data API §10).
 */
export const currencyCode = (text: string): string | undefined => {
  if (CODES.has(text)) return text;
  const code = text.length === 3 ? text.toUpperCase() : '';
  return CODES.has(code) ? code : undefined;
};
