/**
 * Reads a time string in one of the documented formats (user-data API §8.3): ISO 8601 dates and times, with a space for the
 * `T`, a colon before the milliseconds or a loosely written offset; `MM/dd/yyyy` and `MM-dd-yyyy`; and
 * `ddd MM dd HH:mm:ss.TZD YYYY`. Without a zone it is UTC, without a time of day it is midnight.
 *
 * @returns epoch milliseconds, which may lie outside of what can be stored (see `isStorable`), or undefined where the text
 * is not a time.
 */
export const parseTime = (text: string): number | undefined => {
  if (text.length < SHORTEST || text.length > LONGEST) return undefined;
  const first = text.charCodeAt(0);
  if (!isDigit(first)) {
    if (first === PLUS || first === MINUS) return fromIso(ISO.exec(text));
    return fromWeekday(WEEKDAY_FIRST.exec(text));
  }
  if (!isDigit(text.charCodeAt(1)) || !isDigit(text.charCodeAt(2)))
    return fromMonthFirst(MONTH_FIRST.exec(text));
  return fromIso(ISO.exec(text) ?? ISO_BASIC.exec(text));
};

/**
 * Epoch milliseconds of a time that is written as `toIso` writes it, as nearly every client does; undefined for any other
 * text, also for one that `parseTime` can read.
 */
export const canonicalTime = (text: string): number | undefined => {
  if (text.length !== CANONICAL.length) return undefined;
  for (const place of CANONICAL_MARKS)
    if (text.charCodeAt(place) !== CANONICAL.charCodeAt(place)) return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  if (!isCalendarDay(year, month, day) || !(hour <= 23 && minute <= 59 && second <= 59)) return undefined;
  const epochMs = epochMsOf(year, month, day, hour, minute, second) + digits(text, 20, 23);
  return Number.isNaN(epochMs) ? undefined : epochMs;
};

/** Whether a time lies in the years 0 to 3000: others are not stored as times (§8.3). */
export const isStorable = (epochMs: number): boolean => epochMs >= FIRST_STORABLE && epochMs < FIRST_BEYOND;

/** The one form in which times are stored: ISO 8601, UTC, milliseconds. */
export const toIso = (epochMs: number): string => new Date(epochMs).toISOString();

/** Whether the three parts name a day of the calendar. `month` and `day` count from 1. */
export const isCalendarDay = (year: number, month: number, day: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);

const SHORTEST = '1/1/2000'.length;
const LONGEST = '+999999-12-31T23:59:59.123456789 +00:00'.length;
const PLUS = 0x2b;
const MINUS = 0x2d;
const ZERO = 0x30;

const CANONICAL = '0000-00-00T00:00:00.000Z';
const CANONICAL_MARKS = [4, 7, 10, 13, 16, 19, 23];

const isDigit = (code: number): boolean => code >= ZERO && code <= 0x39;

/** The number that digits of a text stand for; NaN where there is something else. */
const digits = (text: string, from: number, to: number): number => {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    value = isDigit(code) ? value * 10 + code - ZERO : NaN;
  }
  return value;
};

const ZONE = String.raw`(Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)`;
const ISO = new RegExp(
  String.raw`^([+-]?\d{4,6})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.:,](\d{1,9}))?)?(?: ?${ZONE})?)?$`,
);
const ISO_BASIC = new RegExp(
  String.raw`^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(?:[.,](\d{1,9}))?${ZONE}?$`,
);
const MONTH_FIRST = /^(\d{1,2})([/-])(\d{1,2})\2(\d{4})$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAY_FIRST = new RegExp(
  String.raw`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d{1,2}|${MONTHS.join('|')}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2})` +
    String.raw`(?:[. ]?${ZONE})? (\d{4})$`,
);

const fromIso = (match: RegExpExecArray | null): number | undefined =>
  match === null
    ? undefined
    : compose(match[1]!, match[2]!, match[3]!, match[4], match[5], match[6], match[7], match[8]);

const fromMonthFirst = (match: RegExpExecArray | null): number | undefined =>
  match === null ? undefined : compose(match[4]!, match[1]!, match[3]!);

const fromWeekday = (match: RegExpExecArray | null): number | undefined => {
  if (match === null) return undefined;
  const named = MONTHS.indexOf(match[1]!);
  const month = named < 0 ? match[1]! : String(named + 1);
  return compose(match[7]!, month, match[2]!, match[3], match[4], match[5], undefined, match[6]);
};

const compose = (
  yearText: string,
  monthText: string,
  dayText: string,
  hourText = '0',
  minuteText = '0',
  secondText = '0',
  fraction = '',
  zone = 'Z',
): number | undefined => {
  const [year, month, day] = [Number(yearText), Number(monthText), Number(dayText)];
  const [hour, minute, second] = [Number(hourText), Number(minuteText), Number(secondText)];
  const offset = offsetMinutes(zone);
  if (!isCalendarDay(year, month, day) || offset === undefined) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined; // 60 is a leap second: the next minute begins
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return epochMsOf(year, month, day, hour, minute - offset, second) + ms;
};

const epochMsOf = (
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number => (((daysSinceEpoch(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000;

/** Minutes east of UTC. Hours may have one digit and minutes may be left out, as clients write `+1:00` and `-05`. */
const offsetMinutes = (zone: string): number | undefined => {
  const sign = zone.charCodeAt(0);
  if (sign !== PLUS && sign !== MINUS) return 0;
  const digits = zone.slice(1).replace(':', '');
  const hours = Number(digits.length > 2 ? digits.slice(0, -2) : digits);
  const minutes = digits.length > 2 ? Number(digits.slice(-2)) : 0;
  if (hours > 23 || minutes > 59) return undefined;
  return (sign === MINUS ? -1 : 1) * (hours * 60 + minutes);
};

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const daysIn = (year: number, month: number): number =>
  month === 2
    ? isLeap(year)
      ? 29
      : 28
    : month === 4 || month === 6 || month === 9 || month === 11
      ? 30
      : 31;

/** Days from 1970-01-01 in the proleptic Gregorian calendar, for years that `Date` cannot hold as well. */
const daysSinceEpoch = (year: number, month: number, day: number): number => {
  const shifted = month > 2 ? year : year - 1; // the year begins in March, so that the leap day is its last
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719468
  );
};

const DAY_MS = 86_400_000;
const FIRST_STORABLE = daysSinceEpoch(0, 1, 1) * DAY_MS;
const FIRST_BEYOND = daysSinceEpoch(3001, 1, 1) * DAY_MS;
