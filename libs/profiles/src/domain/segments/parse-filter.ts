import { isJsonObject, type Json, type JsonObject, type SegmentFilter } from '@hearth/contracts';
import { groupIdOf } from '@hearth/workspace';
import { timeValueOf } from '../attributes/time-value.ts';
import { longerThan } from '../text.ts';
import {
  FILTER_FIELDS,
  MAX_CONDITIONS,
  MAX_DAYS,
  MAX_FILTER_DEPTH,
  MAX_IN_VALUES,
  MAX_PATH,
  MAX_TEXT,
  MEASURES,
} from './filter-language.ts';

/** What is wrong with a filter, and where: `filter.and[0].op: ...`. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
  readonly code = 'malformed_filter';
}

const fail = (at: string, problem: string): never => {
  throw new FilterError(`${at}: ${problem}`);
};

const SUBJECTS = [
  'field',
  'custom_attribute',
  'custom_event',
  'product',
  'revenue',
  'subscription_group',
] as const;

/** Reads the filter of a segment, as it came or as it is stored. Throws a `FilterError` where it is none. */
export const parseFilter = (sent: unknown): SegmentFilter => {
  let conditions = 0;

  const filterOf = (value: unknown, at: string, depth: number): SegmentFilter => {
    if (!isJsonObject(value)) return fail(at, 'has to be an object');
    if (depth > MAX_FILTER_DEPTH) return fail(at, `filters go at most ${MAX_FILTER_DEPTH} levels deep`);
    if (Object.hasOwn(value, 'and')) return { and: filtersOf(value['and'], `${at}.and`, depth) };
    if (Object.hasOwn(value, 'or')) return { or: filtersOf(value['or'], `${at}.or`, depth) };
    if (Object.hasOwn(value, 'not')) return { not: filterOf(value['not'], `${at}.not`, depth + 1) };
    if (++conditions > MAX_CONDITIONS) return fail(at, `a filter has at most ${MAX_CONDITIONS} conditions`);
    return { ...subjectOf(value, at), ...conditionOf(value, at) } as SegmentFilter;
  };
  const filtersOf = (value: unknown, at: string, depth: number): readonly SegmentFilter[] =>
    Array.isArray(value) && value.length > 0
      ? value.map((item, index) => filterOf(item, `${at}[${index}]`, depth + 1))
      : fail(at, 'has to be a list of filters, and not an empty one');

  return filterOf(sent, 'filter', 1);
};

const text = (value: unknown, at: string): string =>
  typeof value === 'string' && value !== '' && !longerThan(value, MAX_TEXT)
    ? value
    : fail(at, `has to be a text of 1 to ${MAX_TEXT} characters`);

const oneOf = <Name extends string>(value: unknown, names: readonly Name[], at: string): Name =>
  names.find((name) => name === value) ?? fail(at, `has to be one of ${names.join(', ')}`);

const subjectOf = (filter: JsonObject, at: string): object => {
  const named = SUBJECTS.filter((name) => Object.hasOwn(filter, name));
  const [subject] = named;
  if (subject === undefined || named.length > 1)
    return fail(at, `has to have and, or, not, or one of ${SUBJECTS.join(', ')}`);
  const name = filter[subject];
  switch (subject) {
    case 'field':
      return { field: oneOf(name, FILTER_FIELDS, `${at}.field`) };
    case 'custom_attribute': {
      const path = filter['path'] === undefined ? undefined : pathOf(filter['path'], `${at}.path`);
      return { custom_attribute: text(name, `${at}.custom_attribute`), ...(path && { path }) };
    }
    case 'custom_event':
    case 'product':
      return {
        [subject]: text(name, `${at}.${subject}`),
        measure:
          filter['measure'] === undefined ? 'count' : oneOf(filter['measure'], MEASURES, `${at}.measure`),
      };
    case 'revenue':
      return typeof name === 'string' && /^[A-Z]{3}$/.test(name)
        ? { revenue: name }
        : fail(`${at}.revenue`, 'has to be a currency such as USD');
    case 'subscription_group':
      return { subscription_group: groupIdOf(text(name, `${at}.subscription_group`)) };
  }
};

const pathOf = (value: Json, at: string): readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.length <= MAX_PATH
    ? value.map((step, index) => text(step, `${at}[${index}]`))
    : fail(at, `has to be a list of 1 to ${MAX_PATH} keys`);

const conditionOf = ({ op, value }: JsonObject, at: string): object => {
  const valueAt = `${at}.value`;
  switch (op) {
    case undefined:
    case 'exists':
      return { op: 'exists' };
    case 'not_exists':
      return { op };
    case 'equals':
    case 'not_equals':
    case 'contains':
    case 'not_contains':
      return { op, value: scalar(value, valueAt) };
    case 'in':
      return Array.isArray(value) && value.length > 0 && value.length <= MAX_IN_VALUES
        ? { op, value: (value as readonly Json[]).map((item, index) => scalar(item, `${valueAt}[${index}]`)) }
        : fail(valueAt, `has to be a list of 1 to ${MAX_IN_VALUES} values`);
    case 'starts_with':
      return { op, value: text(value, valueAt) };
    case 'more_than':
    case 'at_least':
    case 'less_than':
    case 'at_most':
      return typeof value === 'number' && Number.isFinite(value)
        ? { op, value }
        : fail(valueAt, 'has to be a number');
    case 'before':
    case 'after':
      return { op, value: momentOf(value, valueAt) };
    default:
      return fail(
        `${at}.op`,
        'has to be one of exists, not_exists, equals, not_equals, contains, not_contains, in, starts_with, more_than, ' +
          'at_least, less_than, at_most, before, after',
      );
  }
};

const scalar = (value: Json | undefined, at: string): Json => {
  if (typeof value === 'string') return value === '' ? value : text(value, at);
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
    ? value
    : fail(at, 'has to be a text, a number, true or false');
};

const momentOf = (value: Json | undefined, at: string): Json => {
  if (isJsonObject(value)) {
    const { days_ago } = value;
    if (typeof days_ago === 'number' && Math.abs(days_ago) <= MAX_DAYS) return { days_ago };
  }
  const time = typeof value === 'string' ? timeValueOf({ $time: value }) : undefined;
  return (
    time?.$time ?? fail(at, 'has to be a time such as 2024-01-31T12:00:00Z, or relative: {"days_ago": 30}')
  );
};
