import type { InputArray } from './parsing/index.ts';

/** What is known of the writes of one request once each was tried. */
export type Settled = 'stored' | 'nothing_stored' | 'partly_or_perhaps_stored';

/** A write's outcome as far as settling goes; `perhaps` marks a failure that may have been stored all the same. */
export type SettleableOutcome = 'applied' | 'absent' | 'failed' | 'perhaps';

/**
 * Decides what a caller may be told: a request of which nothing is stored can be sent again, one of which a part is stored,
 * or may be, must not (design: the promises of a call).
 */
export const settle = (outcomes: readonly SettleableOutcome[]): Settled => {
  const failed = outcomes.some((outcome) => outcome === 'failed' || outcome === 'perhaps');
  if (!failed) return 'stored';
  return outcomes.some((outcome) => outcome === 'applied' || outcome === 'perhaps')
    ? 'partly_or_perhaps_stored'
    : 'nothing_stored';
};

/** An object of a request, by where it stands in it. */
export type Place = {
  readonly input_array: InputArray;
  /** Position in the array as sent. */
  readonly index: number;
};

/** What became of each object of a request that is stored in parts. Who sends it again leaves out all but `not_stored`. */
export type ObjectStates = {
  /** Also those that had nothing to store. */
  readonly stored: readonly Place[];
  readonly not_stored: readonly Place[];
  readonly unknown: readonly Place[];
};

/** Where the objects of a request stand: those that were tried, in the order of their outcomes, and those that asked for nothing. */
export interface Places {
  readonly tried: readonly Place[];
  readonly done: readonly Place[];
}

/** Sorts objects by their outcomes. */
export const objectStates = (
  outcomes: readonly SettleableOutcome[],
  { tried, done }: Places,
): ObjectStates => {
  const where = (...wanted: readonly SettleableOutcome[]): Place[] =>
    tried.filter((_, at) => wanted.includes(outcomes[at]!));
  return {
    stored: [...where('applied', 'absent'), ...done],
    not_stored: where('failed'),
    unknown: where('perhaps'),
  };
};
