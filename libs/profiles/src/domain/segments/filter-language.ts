/** What filters of segments may hold. */
export const FILTER_FIELDS = [
  'external_id',
  'email',
  'phone',
  'first_name',
  'last_name',
  'home_city',
  'country',
  'language',
  'time_zone',
  'dob',
  'gender',
  'email_subscribe',
  'push_subscribe',
  'created_at',
  'random_bucket',
  'date_of_first_session',
  'date_of_last_session',
] as const;

export const MEASURES = ['count', 'first', 'last'] as const;

/** Levels of `and`, `or` and `not` in one another. */
export const MAX_FILTER_DEPTH = 10;
/** Conditions in one filter. */
export const MAX_CONDITIONS = 100;
/** Values of one `in`. */
export const MAX_IN_VALUES = 500;
/** Characters of a name, and of a text value. */
export const MAX_TEXT = 255;
/** Steps into a nested attribute. */
export const MAX_PATH = 20;
/** Days of a relative time, either way: some 100 years. */
export const MAX_DAYS = 36_525;
