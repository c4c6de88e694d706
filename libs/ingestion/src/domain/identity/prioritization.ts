import type { Json, ProfileCandidate } from '@hearth/contracts';

import { byUpdate } from '../by-update.ts';
import { refusals, type Refusal } from '../parsing/errors.ts';

/** How to choose among the profiles that carry one email or phone (user-data API §12.3). */
export type Priority = (typeof PRIORITIES)[number];

export const PRIORITIES = [
  'identified',
  'unidentified',
  'most_recently_updated',
  'least_recently_updated',
] as const;

const EXCLUSIVE: readonly (readonly [Priority, Priority])[] = [
  ['identified', 'unidentified'],
  ['most_recently_updated', 'least_recently_updated'],
];

/** Reads a `prioritization`: an array of known values that do not contradict each other. */
export const readPrioritization = (
  sent: Json | undefined,
  known: readonly Priority[] = PRIORITIES,
): readonly Priority[] | Refusal => {
  if (sent === undefined || sent === null) return refusals.required('prioritization');
  const isKnown = (value: Json): value is Priority => known.includes(value as Priority);
  if (!Array.isArray(sent) || sent.length === 0 || !(sent as readonly Json[]).every(isKnown))
    return refusals.invalid('prioritization');
  const values = sent as readonly Priority[];
  const both = EXCLUSIVE.find((pair) => pair.every((value) => values.includes(value)));
  return both
    ? `Request can not contain both of '${both[0]}' and '${both[1]}' values in the 'prioritization' array`
    : values;
};

/**
 * The one profile that is meant. Each filter is applied in its order, one of recency leaves a single profile; where none or
 * more than one is left, nobody is meant and nothing is to be done.
 */
export const prioritized = (
  candidates: readonly ProfileCandidate[],
  prioritization: readonly Priority[],
): ProfileCandidate | undefined => {
  const left = prioritization.reduce((some, priority) => filters[priority](some), candidates);
  return left.length === 1 ? left[0] : undefined;
};

type Filter = (candidates: readonly ProfileCandidate[]) => readonly ProfileCandidate[];

const filters: Readonly<Record<Priority, Filter>> = {
  identified: (some) => some.filter(({ external_id }) => external_id !== null),
  unidentified: (some) => some.filter(({ external_id }) => external_id === null),
  most_recently_updated: (some) => some.toSorted(byUpdate).slice(-1),
  least_recently_updated: (some) => some.toSorted(byUpdate).slice(0, 1),
};
