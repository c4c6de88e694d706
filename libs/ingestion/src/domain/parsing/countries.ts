import countries from 'i18n-iso-countries/index.js';
import english from 'i18n-iso-countries/langs/en.json' with { type: 'json' };

/** Names in common use that the table lacks. */
const FURTHER_NAMES: Readonly<Record<string, string>> = {
  uk: 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  'great britain': 'GB',
  america: 'US',
  'united states of america': 'US',
  'the united states': 'US',
  'the netherlands': 'NL',
  holland: 'NL',
  'south korea': 'KR',
  korea: 'KR',
  'north korea': 'KP',
  russia: 'RU',
  vietnam: 'VN',
  laos: 'LA',
  syria: 'SY',
  iran: 'IR',
  moldova: 'MD',
  bolivia: 'BO',
  venezuela: 'VE',
  tanzania: 'TZ',
  'czech republic': 'CZ',
  czechia: 'CZ',
  'ivory coast': 'CI',
  'cape verde': 'CV',
  swaziland: 'SZ',
  macedonia: 'MK',
  burma: 'MM',
  turkey: 'TR',
  turkiye: 'TR',
  brunei: 'BN',
  micronesia: 'FM',
  vatican: 'VA',
  'east timor': 'TL',
  palestine: 'PS',
  taiwan: 'TW',
  kosovo: 'XK',
  uae: 'AE',
  drc: 'CD',
};

/** Letters only, without marks, in lower case: `Côte d'Ivoire` and `cote divoire` are one name. */
const fold = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[^\p{L}\s-]/gu, '')
    .replace(/[\s-]+/g, ' ')
    .trim()
    .toLowerCase();

const codes = new Map<string, string>();
for (const [name, code] of Object.entries(FURTHER_NAMES)) codes.set(fold(name), code);
for (const [code, names] of Object.entries(english.countries as Record<string, string | string[]>))
  for (const name of typeof names === 'string' ? [names] : names) codes.set(fold(name), code);
for (const [alpha3, alpha2] of Object.entries(countries.getAlpha3Codes()))
  codes.set(alpha3.toLowerCase(), alpha2);
for (const alpha2 of Object.keys(countries.getAlpha2Codes())) codes.set(alpha2.toLowerCase(), alpha2);

const alpha2Codes = new Set(codes.values());
const LONGEST_NAME = 255;

/**
 * Maps a country as clients write it to its ISO 3166-1 alpha-2 code: the code itself, the alpha-3 code, or an English name,
 * in any case (user-data API §7.1).
 *
 * @returns null where the country is not known: the field then becomes null, without an error.
 */
export const countryCode = (text: string): string | null => {
  if (alpha2Codes.has(text)) return text;
  return text.length > LONGEST_NAME ? null : (codes.get(fold(text)) ?? null);
};
