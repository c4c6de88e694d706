import type { OccurrenceTotals } from '@hearth/contracts';
import type { Copies } from './copies.ts';
import { own, withEntry, type Entries } from './own-properties.ts';

/**
 * Counts `times` more occurrences under a name. First and last go by the time of the event, not by its arrival: a
 * late one lowers `first` and leaves `last` alone (user-data API §9). Times in UTC compare as text.
 */
export const counted = (
  totals: Entries<OccurrenceTotals>,
  name: string,
  time: string,
  times: number,
  copies?: Copies,
): Entries<OccurrenceTotals> => {
  const known = own(totals, name);
  if (known === undefined) return withEntry(totals, name, { first: time, last: time, count: times }, copies);
  const more = {
    first: time < known.first ? time : known.first,
    last: time > known.last ? time : known.last,
    count: known.count + times,
  };
  return withEntry(totals, name, more, copies);
};
