/** The middle of the values; between the two in the middle where their number is even. NaN of none. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN;
  return (lower + upper) / 2;
};

/**
 * The median of the ratios of two servers, round by round. Both were measured within seconds of each other in a round, so
 * what the machine does beside (a neighbour, a warm processor) drops out of it better than out of a ratio of medians.
 */
export const medianRatio = (numerators: readonly number[], denominators: readonly number[]): number =>
  median(numerators.flatMap((value, round) => (denominators[round] ? [value / denominators[round]] : [])));
