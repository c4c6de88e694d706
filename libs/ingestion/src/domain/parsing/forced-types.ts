import { isJsonObject, type ForcedType, type Json } from '@hearth/contracts';

import { readAttribute } from './custom-attributes.ts';
import { MAX_CHARS } from './limits.ts';
import { Flaw } from './nested-values.ts';
import { isScalarList, readOperator } from './operators.ts';
import { isLonger } from './text-length.ts';

const IMPOSSIBLE = new Flaw('forced_type');
const TOO_LONG = new Flaw('string_too_long');

/**
 * Reads a custom attribute that is held to a data type (user-data API §8.2): what can become the type does, anything else is
 * left out. Null removes, as ever; operators count as what they work on: `inc` a number, `add` and `remove` an array. What
 * is stored already keeps the type it has.
 */
export const readForced = (sent: Json, type: ForcedType): Json | Flaw =>
  sent === null ? null : coercions[type](sent);

const TRUE = new Set(['1', 'true', 't']);
const FALSE = new Set(['0', 'false', 'f']);
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

const boolean = (sent: Json): Json | Flaw => {
  if (typeof sent === 'boolean') return sent;
  if (typeof sent !== 'string' && typeof sent !== 'number') return IMPOSSIBLE;
  const text = String(sent).toLowerCase();
  return TRUE.has(text) ? true : FALSE.has(text) ? false : IMPOSSIBLE;
};

const number = (sent: Json): Json | Flaw => {
  if (typeof sent === 'number') return sent;
  if (typeof sent === 'string' && !isLonger(sent, MAX_CHARS) && NUMBER.test(sent)) {
    const value = Number(sent);
    return Number.isFinite(value) ? value : IMPOSSIBLE;
  }
  return isJsonObject(sent) && Object.hasOwn(sent, 'inc') ? (readOperator(sent) ?? IMPOSSIBLE) : IMPOSSIBLE;
};

/** A text that looks like a time stays a text. */
const string = (sent: Json): Json | Flaw => {
  if (typeof sent === 'object') return IMPOSSIBLE;
  const text = String(sent);
  return isLonger(text, MAX_CHARS) ? TOO_LONG : text;
};

const time = (sent: Json): Json | Flaw => {
  const value = readAttribute(sent);
  return value instanceof Flaw || isTimeValue(value) ? value : IMPOSSIBLE;
};

const isTimeValue = (value: Json): boolean =>
  isJsonObject(value) && Object.keys(value).length === 1 && typeof value['$time'] === 'string';

/** One scalar is an array of one. */
const array = (sent: Json): Json | Flaw => {
  if (isScalarList(sent)) return readAttribute(sent);
  if (!isJsonObject(sent)) return typeof sent === 'object' ? IMPOSSIBLE : readAttribute([sent]);
  const operator = readOperator(sent);
  return operator === undefined || operator instanceof Flaw || !worksOnScalars(operator)
    ? IMPOSSIBLE
    : operator;
};

const worksOnScalars = (operator: { readonly [name: string]: Json }): boolean =>
  Object.entries(operator).every(([name, items]) => name !== '$update' && isScalarList(items));

const worksOnObjects = (operator: { readonly [name: string]: Json }): boolean =>
  Object.entries(operator).every(
    ([name, items]) =>
      name.startsWith('$') &&
      (items as readonly Json[]).every((item) => isJsonObject(item) && !isTimeValue(item)),
  );

const object = (sent: Json): Json | Flaw =>
  isJsonObject(sent) && !isTimeValue(sent) && readOperator(sent) === undefined
    ? readAttribute(sent)
    : IMPOSSIBLE;

const objectArray = (sent: Json): Json | Flaw => {
  if (Array.isArray(sent)) return sent.every(isJsonObject) ? readAttribute(sent) : IMPOSSIBLE;
  if (!isJsonObject(sent)) return IMPOSSIBLE;
  const operator = readOperator(sent);
  if (operator instanceof Flaw) return operator;
  return operator !== undefined && worksOnObjects(operator) ? operator : IMPOSSIBLE;
};

const coercions: Readonly<Record<ForcedType, (sent: Exclude<Json, null>) => Json | Flaw>> = {
  boolean,
  number,
  string,
  time,
  array,
  object,
  object_array: objectArray,
};
