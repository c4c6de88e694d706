/** The three arrays of a track body, in the order in which their objects are applied (user-data API §5.3). */
export const INPUT_ARRAYS = ['attributes', 'events', 'purchases'] as const;

/** One of the three arrays of a track body. */
export type InputArray = (typeof INPUT_ARRAYS)[number];
