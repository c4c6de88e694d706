/** More decimals than the prices of any currency have. */
const UNITS = 1e8;
/** What a number holds for certain, in decimal digits. */
const DIGITS = 15;

/**
 * A sum or product of prices, rounded to 8 decimals (one over 90 million to 15 digits), without what binary fractions add to it: 0.1 + 0.2 is 0.3, and what was given back entirely is 0.
 * Anything that is no finite number stays so.
 */
export const roundedAmount = (amount: number): number => {
  const units = amount * UNITS;
  if (Math.abs(units) <= Number.MAX_SAFE_INTEGER) return Math.round(units) / UNITS + 0; // never -0
  return Number.isFinite(amount) && !Number.isInteger(amount) ? Number(amount.toPrecision(DIGITS)) : amount;
};
