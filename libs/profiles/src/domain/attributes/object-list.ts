import { isJsonObject, type Json, type JsonObject } from '@hearth/contracts';
import { own } from '../own-properties.ts';
import { deeplyMerged, isNestedObject, sound, tooLarge } from './nested-value.ts';
import { refused, stored, type Outcome } from './outcome.ts';
import { claimsToBeTime, timeValueOf } from './time-value.ts';

/** The operators on a list of objects, each with what was sent under it (user-data API §8.6). */
export interface ObjectListChange {
  readonly $update?: readonly Json[] | undefined;
  readonly $remove?: readonly Json[] | undefined;
  readonly $add?: readonly Json[] | undefined;
}

interface Criterion {
  readonly key: string;
  readonly value: Json;
}

export const isObjectList = (value: Json | undefined): value is readonly JsonObject[] =>
  Array.isArray(value) && value.every(isNestedObject);

/** Which items an operator means, or undefined where it does not say so properly. Values are scalars. */
const criterionOf = (operation: Json): Criterion | undefined => {
  if (!isJsonObject(operation)) return undefined;
  const [key, sent] = [own(operation, '$identifier_key'), own(operation, '$identifier_value')];
  if (typeof key !== 'string' || sent === undefined || sent === null) return undefined;
  const value = claimsToBeTime(sent) ? timeValueOf(sent) : sent;
  if (value === undefined || (typeof value === 'object' && !claimsToBeTime(value))) return undefined;
  return { key, value };
};

/** Type-sensitive: 1 is not "1". */
const matches = (item: JsonObject, { key, value }: Criterion): boolean => {
  const found = own(item, key);
  if (found === undefined) return false;
  return claimsToBeTime(found) && claimsToBeTime(value) ? found.$time === value.$time : found === value;
};

/** Replaces the list by what was sent. There is no limit on items, only on bytes. */
export const setObjectList = (found: Json | undefined, sent: readonly Json[]): Outcome => {
  const checked = sound(sent);
  if ('rejected' in checked) return refused(found, checked.rejected);
  return tooLarge(checked.value) ? refused(found, 'too_large') : stored(checked.value);
};

/** Updates, then removes, then adds. Either all of it is stored or nothing. */
export const changeObjectList = (
  found: Json | undefined,
  { $update = [], $remove = [], $add }: ObjectListChange,
  merge: boolean,
): Outcome => {
  if (found !== undefined && !isObjectList(found)) return refused(found, 'not_an_object_list');
  if (found === undefined && $add === undefined) return stored(undefined);
  let items: readonly JsonObject[] = found ?? [];

  for (const operation of $update) {
    const criterion = criterionOf(operation);
    const sent = isJsonObject(operation) ? own(operation, '$new_object') : undefined;
    if (criterion === undefined || !isNestedObject(sent)) return refused(found, 'malformed_operator');
    const checked = sound(sent);
    if ('rejected' in checked) return refused(found, checked.rejected);
    const changed = (item: JsonObject) => (merge ? deeplyMerged(item, checked.value) : checked.value);
    items = items.map((item) => (matches(item, criterion) ? changed(item) : item));
  }
  for (const operation of $remove) {
    const criterion = criterionOf(operation);
    if (criterion === undefined) return refused(found, 'malformed_operator');
    items = items.filter((item) => !matches(item, criterion));
  }
  const added: Json = $add ?? [];
  if (!isObjectList(added)) return refused(found, 'malformed_operator');
  const checked = sound(added);
  if ('rejected' in checked) return refused(found, checked.rejected);

  const result = [...items, ...checked.value];
  return tooLarge(result) ? refused(found, 'too_large') : stored(result);
};
