import countries from 'i18n-iso-countries/index.js';
import english from 'i18n-iso-countries/langs/en.json' with { type: 'json' };

/** Names in common use, and those of the standard, that the tables lack, or give to two. */
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
  congo: 'CG',
  'viet nam': 'VN',
  'cabo verde': 'CV',
  'holy see': 'VA',
  macau: 'MO',
  'mainland china': 'CN',
  'islamic republic of iran': 'IR',
  'plurinational state of bolivia': 'BO',
  'bolivarian republic of venezuela': 'VE',
  'democratic republic of the congo': 'CD',
  "democratic people's republic of korea": 'KP',
  'republic of moldova': 'MD',
  'united republic of tanzania': 'TZ',
  'federated states of micronesia': 'FM',
  'state of palestine': 'PS',
  'occupied palestinian territory': 'PS',
  'republic of macedonia': 'MK',
  'former yugoslav republic of macedonia': 'MK',
  'libyan arab jamahiriya': 'LY',
  'saint helena, ascension and tristan da cunha': 'SH',
  'united kingdom of great britain and northern ireland': 'GB',
  'us virgin islands': 'VI',
};

const PASSED_OVER: ReadonlySet<string> = new Set(['the', 'of', 'and']);

/**
 * The words of a name, without marks and in no order: `Korea, Republic of` and `the Republic of Korea` are one name, and so are
 * `St. Lucia` and `SAINT LUCIA`, or `Côte d'Ivoire` and `cote divoire`.
 */
const fold = (name: string): string => {
  const all = name
    .normalize('NFKD')
    .replace(/[\p{M}.'’]/gu, '')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
  // A word alone may be a code: AND is Andorra.
  const words = all.length === 1 ? all : all.filter((word) => !PASSED_OVER.has(word));
  const whole = words.map((word) => (word === 'st' && words.length > 1 ? 'saint' : word));
  return [...new Set(whole)].toSorted().join(' ');
};

const codes = new Map<string, string>();
const alpha2 = Object.keys(countries.getAlpha2Codes());
for (const style of ['long', 'short'] as const) {
  const names = new Intl.DisplayNames('en', { type: 'region', style });
  for (const code of alpha2) codes.set(fold(names.of(code) ?? code), code);
}
for (const [code, names] of Object.entries(english.countries as Record<string, string | string[]>))
  for (const name of typeof names === 'string' ? [names] : names) codes.set(fold(name), code);
for (const [name, code] of Object.entries(FURTHER_NAMES)) codes.set(fold(name), code);
for (const [alpha3, code] of Object.entries(countries.getAlpha3Codes()))
  codes.set(alpha3.toLowerCase(), code);
for (const code of alpha2) codes.set(code.toLowerCase(), code);

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
