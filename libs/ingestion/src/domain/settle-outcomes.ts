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
