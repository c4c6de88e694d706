import type { ProfileCandidate } from '@hearth/contracts';

import { byUpdate } from './by-update.ts';

/**
 * The one profile that a write by email or phone goes to (user-data API §11.3): those with an external_id first, and of
 * those the one written to last; the later position decides between equal times.
 */
export const preferredCandidate = (candidates: readonly ProfileCandidate[]): ProfileCandidate | undefined =>
  candidates.toSorted(byPreference)[0];

const byPreference = (a: ProfileCandidate, b: ProfileCandidate): number =>
  Number(b.external_id !== null) - Number(a.external_id !== null) || byUpdate(b, a);
