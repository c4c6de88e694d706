import { isJsonObject, type Json, type JsonObject } from '@hearth/contracts';
import { own } from '../own-properties.ts';
import { longerThan } from '../text.ts';
import { deeplyMerged, isNestedObject, MAX_CHARACTERS, sound, tooLarge } from './nested-value.ts';
import { changeObjectList, isObjectList, setObjectList } from './object-list.ts';
import { refused, stored, type Outcome } from './outcome.ts';
import { changeList, DEFAULT_LIST_LIMIT, isScalarList, setList } from './scalar-list.ts';
import { claimsToBeTime, timeValueOf } from './time-value.ts';

/** How operations of one attributes object are to be carried out. */
export interface OperationOptions {
  /** Nested objects are merged deeply instead of replaced. */
  readonly merge: boolean;
  /** How many items a list of scalars keeps. */
  readonly listLimit: number;
}

export const defaultOptions: OperationOptions = { merge: false, listLimit: DEFAULT_LIST_LIMIT };

/**
 * Carries out what was sent for one custom attribute on the value found there (user-data API §8.2 to §8.6).
 * An object is an operator where all its keys are an operator's and their values have its type; else it is data.
 */
export const applyOperation = (found: Json | undefined, sent: Json, options: OperationOptions): Outcome => {
  if (typeof sent === 'string')
    return longerThan(sent, MAX_CHARACTERS) ? refused(found, 'string_too_long') : stored(sent);
  // Minus zero would turn into zero when the profile is written down and read back.
  if (typeof sent === 'number')
    return Number.isFinite(sent) ? stored(sent === 0 ? 0 : sent) : refused(found, 'bad_number');
  if (typeof sent === 'boolean') return stored(sent);
  if (sent === null) return stored(undefined);
  if (isJsonObject(sent)) return applyObject(found, sent, options);
  if (isScalarList(sent)) return setList(found, sent, options.listLimit);
  return isObjectList(sent) ? setObjectList(found, sent) : refused(found, 'mixed_list');
};

const applyObject = (found: Json | undefined, sent: JsonObject, options: OperationOptions): Outcome => {
  if (claimsToBeTime(sent)) {
    const time = timeValueOf(sent);
    return time === undefined ? refused(found, 'bad_time') : stored(time);
  }
  const keys = Object.keys(sent);
  const onlyOf = (...names: readonly string[]) => keys.length > 0 && keys.every((key) => names.includes(key));

  if (keys.length === 1 && typeof sent['inc'] === 'number') return increment(found, sent['inc']);
  if (onlyOf('add', 'remove') && keys.every((key) => isScalarList(sent[key])))
    return changeList(found, { add: list(sent, 'add'), remove: list(sent, 'remove') }, options.listLimit);
  if (onlyOf('$add', '$update', '$remove')) return applyDollarOperators(found, sent, options);
  return setNestedObject(found, sent, options.merge);
};

const list = (sent: JsonObject, key: string): readonly Json[] | undefined => {
  const value = own(sent, key);
  return Array.isArray(value) ? value : undefined;
};

const increment = (found: Json | undefined, by: number): Outcome => {
  if (!Number.isInteger(by) || !(found === undefined || Number.isInteger(found)))
    return refused(found, 'not_an_integer');
  const sum = ((found as number | undefined) ?? 0) + by;
  return Number.isSafeInteger(sum) ? stored(sum) : refused(found, 'number_overflow');
};

/** `$add` and `$remove` are meant for lists of objects; with scalars they are taken as `add` and `remove`. */
const applyDollarOperators = (
  found: Json | undefined,
  sent: JsonObject,
  { merge, listLimit }: OperationOptions,
): Outcome => {
  const [$add, $update, $remove] = [list(sent, '$add'), list(sent, '$update'), list(sent, '$remove')];
  const lists = [$add, $update, $remove].filter((operation) => operation !== undefined);
  if (lists.length !== Object.keys(sent).length) return refused(found, 'malformed_operator');
  const scalars = lists.every(isScalarList) && lists.some((operation) => operation.length > 0);
  if (scalars && $update === undefined) return changeList(found, { add: $add, remove: $remove }, listLimit);
  return changeObjectList(found, { $add, $update, $remove }, merge);
};

const setNestedObject = (found: Json | undefined, sent: JsonObject, merge: boolean): Outcome => {
  const checked = sound(sent);
  if ('rejected' in checked) return refused(found, checked.rejected);
  const value = merge && isNestedObject(found) ? deeplyMerged(found, checked.value) : checked.value;
  return tooLarge(value) ? refused(found, 'too_large') : stored(value);
};
