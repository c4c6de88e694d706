import {
  isJsonObject,
  type FilterCondition,
  type FilterMoment,
  type FilterSubject,
  type Json,
  type OccurrenceTotals,
  type SegmentFilter,
} from '@hearth/contracts';
import { isTimeValue, rendered } from '../attributes/time-value.ts';
import { sameJson } from '../json-values.ts';
import { own } from '../own-properties.ts';
import { primaryExternalId, type ActiveProfile } from '../profile.ts';

/** Says of a profile whether it belongs. */
export type Matches = (profile: ActiveProfile) => boolean;

const DAY_MS = 86_400_000;

/**
 * Makes a filter ready to be asked many times. `now` (epoch milliseconds) is what relative times count from, so a filter that
 * has them is made anew for each run.
 */
export const matchFilter = (filter: SegmentFilter, now: number): Matches => {
  if ('and' in filter) {
    const parts = filter.and.map((part) => matchFilter(part, now));
    return (profile) => parts.every((matches) => matches(profile));
  }
  if ('or' in filter) {
    const parts = filter.or.map((part) => matchFilter(part, now));
    return (profile) => parts.some((matches) => matches(profile));
  }
  if ('not' in filter) {
    const matches = matchFilter(filter.not, now);
    return (profile) => !matches(profile);
  }
  const read = valuesOf(asksForExistence(filter) ? { ...filter, measure: 'last' } : filter);
  const holds = conditionHolds(filter, now, timeReader(filter));
  return (profile) => holds(read(profile));
};

/** Whether an event ever happened: its count would be there even so, as 0. */
const asksForExistence = (filter: FilterCondition & FilterSubject): boolean =>
  'measure' in filter && (filter.op === 'exists' || filter.op === 'not_exists');

/** Reads everything that a filter looks at: more than one value where a path leads through a list, none where nothing is. */
const valuesOf = (subject: FilterSubject): ((profile: ActiveProfile) => readonly Json[]) => {
  if ('field' in subject) return (profile) => present(fieldOf(profile, subject.field));
  if ('custom_attribute' in subject) {
    const { custom_attribute: name, path = [] } = subject;
    return ({ custom_attributes }) =>
      path.reduce<readonly Json[]>(
        (values, step) => values.flatMap((value) => inside(value, step)),
        present(own(custom_attributes, name)),
      );
  }
  if ('custom_event' in subject)
    return ({ custom_events }) => measured(own(custom_events, subject.custom_event), subject.measure);
  if ('product' in subject)
    return ({ purchases }) => measured(own(purchases, subject.product), subject.measure);
  if ('revenue' in subject) return ({ revenue }) => present(own(revenue, subject.revenue));
  return ({ subscription_groups = {} }) =>
    present(own(subscription_groups, subject.subscription_group)?.state);
};

const present = (value: Json | undefined): readonly Json[] =>
  value === undefined || value === null ? [] : [value];

const fieldOf = (profile: ActiveProfile, name: string): Json | undefined => {
  switch (name) {
    case 'external_id':
      return primaryExternalId(profile);
    case 'created_at':
      return profile.created_at;
    case 'random_bucket':
      return profile.random_bucket;
    default:
      return own(profile.fields as Readonly<Record<string, Json>>, name);
  }
};

const inside = (value: Json, step: string): readonly Json[] => {
  if (Array.isArray(value)) return value.flatMap((item: Json) => inside(item, step));
  return isJsonObject(value) ? present(own(value, step)) : [];
};

/** An event that never happened was counted to 0, and has neither a first nor a last time. */
const measured = (totals: OccurrenceTotals | undefined, measure: keyof OccurrenceTotals): readonly Json[] =>
  totals === undefined
    ? measure === 'count'
      ? [0]
      : []
    : [measure === 'count' ? totals.count : { $time: totals[measure] }];

/** Fields that hold times, as text. Among attributes a time says of itself that it is one: any other text is none. */
const TIME_FIELDS: ReadonlySet<string> = new Set([
  'created_at',
  'dob',
  'date_of_first_session',
  'date_of_last_session',
  'marked_email_as_spam_at',
]);

/** Reads values as times, in epoch milliseconds; undefined for what is none. */
type ReadTime = (value: Json) => number | undefined;

const timeReader = (subject: FilterSubject): ReadTime => {
  const isText = 'field' in subject && TIME_FIELDS.has(subject.field);
  return (value) => {
    const time = isText || isTimeValue(value) ? rendered(value) : undefined;
    return typeof time === 'string' ? Date.parse(time) : undefined;
  };
};

const conditionHolds = (
  condition: FilterCondition,
  now: number,
  readTime: ReadTime,
): ((values: readonly Json[]) => boolean) => {
  switch (condition.op) {
    case 'exists':
      return (values) => values.length > 0;
    case 'not_exists':
      return (values) => values.length === 0;
    case 'equals':
      return some((value) => sameJson(rendered(value), condition.value));
    case 'not_equals':
      return (values) => !some((value) => sameJson(rendered(value), condition.value))(values);
    case 'contains':
      return some((value) => contains(value, condition.value));
    case 'not_contains':
      return (values) => !some((value) => contains(value, condition.value))(values);
    case 'in':
      return some((value) => condition.value.some((wanted) => sameJson(rendered(value), wanted)));
    case 'starts_with':
      return some((value) => typeof value === 'string' && value.startsWith(condition.value));
    case 'more_than':
      return some((value) => typeof value === 'number' && value > condition.value);
    case 'at_least':
      return some((value) => typeof value === 'number' && value >= condition.value);
    case 'less_than':
      return some((value) => typeof value === 'number' && value < condition.value);
    case 'at_most':
      return some((value) => typeof value === 'number' && value <= condition.value);
    case 'before':
    case 'after':
      return comparesTime(condition.op, condition.value, now, readTime);
  }
};

const some =
  (holds: (value: Json) => boolean) =>
  (values: readonly Json[]): boolean =>
    values.some(holds);

/** A list contains an item that is equal; a text contains a part of it, in the same case. */
const contains = (value: Json, wanted: Json): boolean => {
  if (Array.isArray(value)) return value.some((item: Json) => sameJson(rendered(item), wanted));
  return typeof value === 'string' && typeof wanted === 'string' && value.includes(wanted);
};

const comparesTime = (
  op: 'before' | 'after',
  moment: FilterMoment,
  now: number,
  readTime: ReadTime,
): ((values: readonly Json[]) => boolean) => {
  const limit = typeof moment === 'string' ? Date.parse(moment) : now - moment.days_ago * DAY_MS;
  return some((value) => {
    const at = readTime(value);
    if (at === undefined) return false;
    return op === 'before' ? at < limit : at > limit;
  });
};
