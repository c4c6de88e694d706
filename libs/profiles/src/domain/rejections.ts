import { longerThan } from './text.ts';

/** Why a fold left out what an event asked for; each code's sentence is for people. */
export const REJECTION_REASONS = {
  bad_name: 'the name is empty, longer than 255 characters or begins with $',
  string_too_long: 'a text is longer than 255 characters',
  bad_number: 'a number is not finite',
  mixed_list: 'a list holds either scalars or objects, and no nulls or lists',
  list_limit: 'the list is full: only its newest items were kept',
  not_a_list: 'the stored value is not a list of scalars',
  not_an_object_list: 'the stored value is not a list of objects',
  not_an_integer: 'inc needs an integer, and a stored integer or nothing',
  number_overflow: 'the result is beyond what a number can hold exactly',
  malformed_operator: 'an operator that begins with $ has a value it cannot take',
  null_inside: 'a null inside a nested value; only a whole attribute can be removed',
  bad_time: '$time is not a time between the years 0 and 3000',
  bad_key: 'a nested key is longer than 255 characters or holds a space, a dot or a $',
  too_deep: 'nested more than 50 levels deep',
  too_large: 'the value would be larger than 100 KB',
  forced_type: 'the attribute is held to a data type that the value cannot become',
  too_many_names: 'the profile holds 5,000 names of this kind, and takes no more',
  newer_schema: 'the event was written by a newer version of Hearth',
} as const;

export type RejectionCode = keyof typeof REJECTION_REASONS;

/** Something an event asked for that a rule or a limit left out. */
export interface RecordedRejection {
  /** The revision of the event in the user's stream. */
  readonly revision: number;
  /** When Hearth took in the event. */
  readonly at: string;
  readonly code: RejectionCode;
  /** The attribute, product or event type it was about; cut at 255 characters. */
  readonly name: string;
}

/**
 * The rejections of a profile: how many there ever were, and the newest of them, oldest first. The list is bounded,
 * so a client that sends the same mistake for years does not grow the profile; the count tells that some are gone.
 */
export interface RejectionLog {
  readonly count: number;
  readonly newest: readonly RecordedRejection[];
}

/** How many rejections a profile lists. */
export const LISTED_REJECTIONS = 20;

export const noRejections: RejectionLog = { count: 0, newest: [] };

/** The log with more rejections at its end. */
export const withRejections = (log: RejectionLog, more: readonly RecordedRejection[] = []): RejectionLog =>
  more.length === 0
    ? log
    : { count: log.count + more.length, newest: [...log.newest, ...more].slice(-LISTED_REJECTIONS) };

/** Builds a rejection of something an event asked for. */
export const rejection = (
  event: { readonly revision: number; readonly received_at: string },
  code: RejectionCode,
  name: string,
): RecordedRejection => ({
  revision: event.revision,
  at: event.received_at,
  code,
  name: longerThan(name, 255) ? name.slice(0, 255) : name,
});
