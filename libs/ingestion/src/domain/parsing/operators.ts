import { isJsonObject, type Json, type JsonObject } from '@hearth/contracts';

import type { AttributeReading } from './custom-attributes.ts';
import { MAX_CHARS } from './limits.ts';
import { readNested } from './nested-values.ts';

/**
 * Reads a custom attribute's value as an operator (user-data API §8.4, §8.6). An object is one if it has only the keys `inc`,
 * or `add` and `remove`, with values of the right type, or any of `$add`, `$update` and `$remove`.
 *
 * @returns undefined where the object is not an operator but a nested object.
 */
export const readOperator = (sent: JsonObject): AttributeReading | undefined => {
  const names = Object.keys(sent);
  if (names.length === 0 || names.length > 3) return undefined;
  if (names.every((name) => name === 'add' || name === 'remove')) return readSetOperator(sent, names);
  if (names.length === 1 && names[0] === 'inc') return readIncrement(sent);
  return names.every((name) => name === '$add' || name === '$update' || name === '$remove')
    ? readListOperator(sent, names)
    : undefined;
};

const INVALID = { dropped: 'invalid_operator' } as const;

/** Only whole numbers are added, and only ones that JavaScript counts exactly. */
const readIncrement = (sent: JsonObject): AttributeReading | undefined => {
  if (typeof sent['inc'] !== 'number') return undefined;
  return Number.isSafeInteger(sent['inc']) ? { value: sent } : INVALID;
};

const readSetOperator = (sent: JsonObject, names: readonly string[]): AttributeReading | undefined => {
  if (!names.every((name) => Array.isArray(sent[name]) && (sent[name] as readonly Json[]).every(isScalar)))
    return undefined;
  return names.every((name) => (sent[name] as readonly Json[]).every(isShort))
    ? { value: sent }
    : { dropped: 'string_too_long' };
};

/** `$add` and `$remove` with scalars are the set operators in another spelling; with objects they work on object arrays. */
const readListOperator = (sent: JsonObject, names: readonly string[]): AttributeReading => {
  if (!names.every((name) => Array.isArray(sent[name]))) return INVALID;
  if (names.every((name) => name !== '$update' && (sent[name] as readonly Json[]).every(isScalar)))
    return names.every((name) => (sent[name] as readonly Json[]).every(isShort))
      ? { value: sent }
      : { dropped: 'string_too_long' };

  const value: Record<string, Json> = {};
  for (const name of names) {
    const items: Json[] = [];
    for (const item of sent[name] as readonly Json[]) {
      const read = isJsonObject(item) ? itemReaders[name]!(item) : undefined;
      if (read === undefined) return INVALID;
      items.push(read);
    }
    value[name] = items;
  }
  return { value };
};

const readCriterion = (item: JsonObject): Record<string, Json> | undefined => {
  const { $identifier_key: key, $identifier_value: sent } = item;
  if (typeof key !== 'string' || key === '' || key.length > MAX_CHARS) return undefined;
  const value = sent === undefined || Array.isArray(sent) ? undefined : readNested(sent);
  return value === undefined || (isJsonObject(value) && !Object.hasOwn(value, '$time'))
    ? undefined
    : { $identifier_key: key, $identifier_value: value };
};

const readUpdate = (item: JsonObject): Json | undefined => {
  const criterion = readCriterion(item);
  const change = item['$new_object'];
  const read = isJsonObject(change) && !Object.hasOwn(change, '$time') ? readNested(change) : undefined;
  return criterion === undefined || read === undefined ? undefined : { ...criterion, $new_object: read };
};

const itemReaders: Readonly<Record<string, (item: JsonObject) => Json | undefined>> = {
  $add: (item) => (Object.hasOwn(item, '$time') ? undefined : readNested(item)),
  $update: readUpdate,
  $remove: readCriterion,
};

const isScalar = (value: Json): boolean => typeof value !== 'object';
const isShort = (value: Json): boolean => typeof value !== 'string' || value.length <= MAX_CHARS;
