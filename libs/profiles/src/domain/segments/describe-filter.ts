import type { FilterCondition, FilterSubject, SegmentFilter } from '@hearth/contracts';

/** A filter in words, as the details of a segment show it (user-data API §14). */
export const describeFilter = (filter: SegmentFilter): string => {
  if ('and' in filter) return group(filter.and, 'and');
  if ('or' in filter) return group(filter.or, 'or');
  if ('not' in filter) return `not (${describeFilter(filter.not)})`;
  return `${subjectInWords(filter)} ${conditionInWords(filter)}`;
};

const group = (parts: readonly SegmentFilter[], word: string): string =>
  parts
    .map((part) => ('and' in part || 'or' in part ? `(${describeFilter(part)})` : describeFilter(part)))
    .join(` ${word} `);

const subjectInWords = (subject: FilterSubject): string => {
  if ('field' in subject) return subject.field;
  if ('custom_attribute' in subject)
    return `custom attribute ${[subject.custom_attribute, ...(subject.path ?? [])].join(' > ')}`;
  if ('custom_event' in subject) return `${measures[subject.measure]} custom event ${subject.custom_event}`;
  if ('product' in subject) return `${measures[subject.measure]} purchase of ${subject.product}`;
  if ('revenue' in subject) return `revenue in ${subject.revenue}`;
  return `subscription group ${subject.subscription_group}`;
};

const measures = { count: 'number of', first: 'first', last: 'last' } as const;

const conditionInWords = (condition: FilterCondition): string => {
  const words = condition.op.replaceAll('_', ' ');
  if (!('value' in condition)) return words;
  const { value } = condition;
  if (typeof value === 'object' && value !== null && 'days_ago' in value)
    return `${words} ${JSON.stringify(value['days_ago'])} days ago`;
  return `${words} ${JSON.stringify(value)}`;
};
