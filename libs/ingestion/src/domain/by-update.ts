import type { ProfileCandidate } from '@hearth/contracts';

/** Orders profiles by when they were last written to, the newest last; the position in the log decides between equal times. */
export const byUpdate = (a: ProfileCandidate, b: ProfileCandidate): number =>
  ascending(a.updated_at, b.updated_at) || ascending(a.position, b.position);

const ascending = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
