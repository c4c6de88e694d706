import type { Json } from './json.ts';

/** The stream of one segment. Profile-projection is its sole writer. */
export const segmentStream = (id: string): string => `segment-${id}`;

/** A moment of a filter: a time (ISO 8601, UTC, milliseconds), or so many days before the time at which it is looked. */
export type FilterMoment = string | { readonly days_ago: number };

/** What a filter looks at. A path leads into nested objects; on its way through a list, any item will do. */
export type FilterSubject =
  | { readonly field: string }
  | { readonly custom_attribute: string; readonly path?: readonly string[] }
  | { readonly custom_event: string; readonly measure: OccurrenceMeasure }
  | { readonly product: string; readonly measure: OccurrenceMeasure }
  | { readonly revenue: string }
  | { readonly subscription_group: string };

export type OccurrenceMeasure = 'count' | 'first' | 'last';

/** What a filter asks of what it looks at. Nothing but `not_exists` and the `not_` forms holds for what is not there. */
export type FilterCondition =
  | { readonly op: 'exists' | 'not_exists' }
  | { readonly op: 'equals' | 'not_equals' | 'contains' | 'not_contains'; readonly value: Json }
  | { readonly op: 'in'; readonly value: readonly Json[] }
  | { readonly op: 'starts_with'; readonly value: string }
  | { readonly op: 'more_than' | 'at_least' | 'less_than' | 'at_most'; readonly value: number }
  | { readonly op: 'before' | 'after'; readonly value: FilterMoment };

/** Who belongs to a segment. */
export type SegmentFilter =
  | { readonly and: readonly SegmentFilter[] }
  | { readonly or: readonly SegmentFilter[] }
  | { readonly not: SegmentFilter }
  | (FilterSubject & FilterCondition);

/** A definition of a segment as it came to be. */
export interface SegmentCreated {
  readonly name: string;
  /** The author's description. */
  readonly description: string;
  readonly tags: readonly string[];
  readonly filter: SegmentFilter;
}

/** The events of `segment-<id>`. */
export type SegmentEvent =
  | { readonly type: 'SegmentCreated'; readonly data: SegmentCreated }
  | { readonly type: 'SegmentUpdated'; readonly data: Partial<SegmentCreated> }
  | { readonly type: 'SegmentArchived'; readonly data: Record<string, never> };
