import type { Json } from '@hearth/contracts';
import { longerThan } from '../text.ts';
import { MAX_CHARACTERS } from './nested-value.ts';
import { refused, stored, type Outcome } from './outcome.ts';
import { claimsToBeTime, isTimeValue, timeValueOf } from './time-value.ts';

/** How many items a list keeps unless the event names another limit (user-data API §8.4). */
export const DEFAULT_LIST_LIMIT = 25;

export const isScalar = (value: Json): boolean =>
  typeof value === 'object' ? value !== null && claimsToBeTime(value) : true;

export const isScalarList = (value: Json | undefined): value is readonly Json[] =>
  Array.isArray(value) && value.every(isScalar);

const holds = (list: readonly Json[], item: Json): boolean =>
  typeof item !== 'object' || item === null || !isTimeValue(item)
    ? list.includes(item)
    : list.some(
        (other) =>
          typeof other === 'object' && other !== null && isTimeValue(other) && other.$time === item.$time,
      );

/** The items as they are stored: times in their one spelling. Undefined where one of them cannot be stored. */
const itemsOf = (
  list: readonly Json[],
): { items: readonly Json[] } | { rejected: 'string_too_long' | 'bad_time' | 'bad_number' } => {
  let copy: Json[] | undefined;
  for (const [index, item] of list.entries()) {
    if (typeof item === 'string' && longerThan(item, MAX_CHARACTERS)) return { rejected: 'string_too_long' };
    if (typeof item === 'number' && !Number.isFinite(item)) return { rejected: 'bad_number' };
    if (!claimsToBeTime(item)) continue;
    const time = timeValueOf(item);
    if (time === undefined) return { rejected: 'bad_time' };
    if (time !== item) (copy ??= [...list])[index] = time;
  }
  return { items: copy ?? list };
};

/**
 * What is left when the items are added one after the other to an empty list that holds each value once, moves a
 * repeated one to its end and drops its oldest when it is full: the newest distinct values.
 */
const addedInTurn = (items: readonly Json[], limit: number): Outcome => {
  const newest: Json[] = [];
  for (let index = items.length - 1; index >= 0; index--) {
    const item = items[index]!;
    if (holds(newest, item)) continue;
    if (newest.length === limit) return { value: newest.reverse(), rejected: 'list_limit' };
    newest.push(item);
  }
  return { value: newest.reverse() };
};

/** Replaces the list: repeats collapse, and of too many the last ones stay. */
export const setList = (found: Json | undefined, sent: readonly Json[], limit: number): Outcome => {
  const checked = itemsOf(sent);
  return 'rejected' in checked ? refused(found, checked.rejected) : addedInTurn(checked.items, limit);
};

/** Adds, then removes. A missing list is made by `add`; `remove` alone leaves it missing. */
export const changeList = (
  found: Json | undefined,
  {
    add,
    remove,
  }: { readonly add?: readonly Json[] | undefined; readonly remove?: readonly Json[] | undefined },
  limit: number,
): Outcome => {
  if (found !== undefined && !isScalarList(found)) return refused(found, 'not_a_list');
  if (found === undefined && add === undefined) return stored(undefined);
  const added = itemsOf(add ?? []);
  if ('rejected' in added) return refused(found, added.rejected);
  const removed = itemsOf(remove ?? []);
  if ('rejected' in removed) return refused(found, removed.rejected);

  const grown = add === undefined ? stored(found) : addedInTurn([...(found ?? []), ...added.items], limit);
  if (removed.items.length === 0) return grown;
  const left = (grown.value as readonly Json[]).filter((item) => !holds(removed.items, item));
  return { ...grown, value: left };
};
