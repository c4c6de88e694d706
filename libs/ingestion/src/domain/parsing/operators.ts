import { isJsonObject, type Json, type JsonObject } from '@hearth/contracts';

import { MAX_CHARS } from './limits.ts';
import { Flaw, isTime, readItems, readNested } from './nested-values.ts';
import { isLonger } from './text-length.ts';

/**
 * Reads a custom attribute's value as an operator (user-data API §8.4, §8.6). An object is one if it has only the key `inc`,
 * or `add` and `remove`, with values of the right type, or any of `$add`, `$update` and `$remove`.
 *
 * @returns the operator as sent with its times normalised, what is wrong with it, or undefined where the object is not an
 * operator but a nested object.
 */
export const readOperator = (sent: JsonObject): JsonObject | Flaw | undefined => {
  const names = Object.keys(sent);
  if (names.length === 0 || names.length > 3) return undefined;
  if (names.length === 1 && names[0] === 'inc') return readIncrement(sent);
  if (names.every((name) => name === 'add' || name === 'remove'))
    return names.every((name) => isScalarList(sent[name])) ? readLists(sent, names) : undefined;
  return names.every((name) => name === '$add' || name === '$update' || name === '$remove')
    ? readDollarOperator(sent, names)
    : undefined;
};

/** Whether a value is an array of scalars, times included: a set, as opposed to a list of objects. */
export const isScalarList = (value: Json | undefined): boolean =>
  Array.isArray(value) &&
  (value as readonly Json[]).every((item) => typeof item !== 'object' || isTime(item));

const MALFORMED = new Flaw('malformed_operator');
const NOT_AN_INTEGER = new Flaw('not_an_integer');

/** Only whole numbers are added, and only ones that JavaScript holds exactly. */
const readIncrement = (sent: JsonObject): JsonObject | Flaw | undefined => {
  if (typeof sent['inc'] !== 'number') return undefined;
  return Number.isSafeInteger(sent['inc']) ? sent : NOT_AN_INTEGER;
};

type ItemReader = (item: Json) => Json | Flaw;

const readLists = (sent: JsonObject, names: readonly string[]): JsonObject | Flaw => {
  let changed: Record<string, Json> | undefined;
  for (const name of names) {
    const items = readItems(sent[name] as readonly Json[]);
    if (items instanceof Flaw) return items;
    if (items !== sent[name]) (changed ??= { ...sent })[name] = items;
  }
  return changed ?? sent;
};

/** `$add` and `$remove` with scalars are the set operators in another spelling; with objects they work on object arrays. */
const readDollarOperator = (sent: JsonObject, names: readonly string[]): JsonObject | Flaw => {
  if (names.every((name) => name !== '$update' && isScalarList(sent[name]))) return readLists(sent, names);
  const operator: Record<string, Json> = {};
  for (const name of names) {
    const list = sent[name];
    if (!Array.isArray(list)) return MALFORMED;
    const items: Json[] = [];
    for (const item of list as readonly Json[]) {
      const read = itemReaders[name]!(item);
      if (read instanceof Flaw) return read;
      items.push(read);
    }
    operator[name] = items;
  }
  return operator;
};

/** An object of data, as opposed to a time. */
const isData = (value: Json | undefined): value is JsonObject => isJsonObject(value) && !isTime(value);

const readCriterion = (item: Json): Record<string, Json> | Flaw => {
  if (!isJsonObject(item)) return MALFORMED;
  const { $identifier_key: key, $identifier_value: sent } = item;
  if (typeof key !== 'string' || key === '' || isLonger(key, MAX_CHARS)) return MALFORMED;
  if (sent === undefined || sent === null || (typeof sent === 'object' && !isTime(sent))) return MALFORMED;
  const value = readNested(sent);
  return value instanceof Flaw ? value : { $identifier_key: key, $identifier_value: value };
};

const readUpdate: ItemReader = (item) => {
  const criterion = readCriterion(item);
  if (criterion instanceof Flaw) return criterion;
  const change = (item as JsonObject)['$new_object'];
  if (!isData(change)) return MALFORMED;
  const read = readNested(change);
  return read instanceof Flaw ? read : { ...criterion, $new_object: read };
};

const itemReaders: Readonly<Record<string, ItemReader>> = {
  $add: (item) => (isData(item) ? readNested(item) : MALFORMED),
  $update: readUpdate,
  $remove: readCriterion,
};
