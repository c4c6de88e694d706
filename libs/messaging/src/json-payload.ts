import { MessagingError } from './errors.ts';

/**
 * A payload that is JSON text already. Whoever needs the size of its parts encodes them once and sends this; handlers and
 * callers receive the value, as always.
 */
export class EncodedJson {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A payload of JSON values whose sender made it for this message and lets go of it: a single receiver gets it as it is. */
export class OwnedJson {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

/** The text of a payload. `undefined` travels as null. Throws `invalid_payload` where it is no JSON value. */
export const encodeJson = (payload: unknown): string => {
  if (payload instanceof EncodedJson) return payload.text;
  try {
    return JSON.stringify(payload instanceof OwnedJson ? payload.value : payload) ?? 'null';
  } catch (cause) {
    throw notJson(cause);
  }
};

/**
 * What the other side of a wire would get: a copy that shares nothing with the original, made as JSON makes it.
 * A walk over plain objects costs about a third of a round trip through text. Throws `invalid_payload`.
 */
export const copyJson = (payload: unknown): unknown => {
  if (payload instanceof EncodedJson) return JSON.parse(payload.text);
  try {
    return copyValue(payload instanceof OwnedJson ? payload.value : payload) ?? null;
  } catch (cause) {
    throw notJson(cause);
  }
};

const notJson = (cause: unknown) =>
  new MessagingError('invalid_payload', `The payload is not a JSON value: ${String(cause)}`, { cause });

const copyValue = (value: unknown): unknown => {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (typeof value === 'bigint') throw new TypeError('a BigInt has no JSON form');
  if (typeof value !== 'object') return undefined;
  if (Array.isArray(value)) return copyList(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if ((prototype === Object.prototype || prototype === null) && !('toJSON' in value))
    return copyObject(value as Record<string, unknown>);
  const text = JSON.stringify(value);
  return text === undefined ? undefined : JSON.parse(text);
};

const copyList = (list: readonly unknown[]): unknown[] => {
  const copy = new Array<unknown>(list.length);
  for (let index = 0; index < list.length; index++) copy[index] = copyValue(list[index]) ?? null;
  return copy;
};

const copyObject = (object: Record<string, unknown>): Record<string, unknown> => {
  const copy: Record<string, unknown> = {};
  // No list of the keys is made for it: a plain object inherits nothing, as long as nobody adds to Object.prototype.
  for (const key in object) {
    const value = copyValue(object[key]);
    if (value === undefined) continue;
    // Keys come from users: a plain assignment to this one would set the prototype instead.
    if (key === '__proto__')
      Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
    else copy[key] = value;
  }
  return copy;
};
