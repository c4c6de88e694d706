import { isJsonObject, type Json, type JsonObject } from '@hearth/contracts';

import type { FatalError } from '../parsing/index.ts';
import type { Refusal } from '../parsing/errors.ts';

/** How many entries one request to an identity endpoint may carry (user-data API §12). */
export const MAX_ENTRIES = 50;

/** Why one entry was not taken, in the form of the public API (§4.1). The others are. */
export interface EntryError {
  readonly type: Refusal;
  readonly input_array: string;
  /** Position in the array as sent. */
  readonly index: number;
}

/** What of a request can be done, and what of it was refused. */
export interface Entries<Entry> {
  readonly entries: readonly Entry[];
  readonly errors: readonly EntryError[];
}

/** A whole request refused. */
export const refusedRequest = (message: string): FatalError => ({ status: 400, message });

/** More entries than a request may carry (§4.2). */
export const tooManyEntries = (): FatalError =>
  refusedRequest('The max number of ids per request was exceeded');

/** The array under a key of a body; undefined where it is absent or null, a refusal where it is anything else. */
export const readArray = (body: Json, key: string): readonly Json[] | FatalError | undefined => {
  if (!isJsonObject(body)) return refusedRequest('The request body must be a JSON object');
  const value = Object.hasOwn(body, key) ? body[key] : undefined;
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? (value as readonly Json[]) : refusedRequest(`'${key}' must be an array`);
};

/** The array that a request is about: it has to be there, with 1 to 50 entries. */
export const readRequiredArray = (body: Json, key: string): readonly Json[] | FatalError => {
  const array = readArray(body, key);
  if (array === undefined || (Array.isArray(array) && array.length === 0))
    return refusedRequest(`'${key}' must be an array with at least one entry`);
  return Array.isArray(array) && array.length > MAX_ENTRIES ? tooManyEntries() : array;
};

/** Reads entries one by one: `read` answers the entry, or why it is refused. An entry that is no object reads like an empty one. */
export const readEntries = <Entry extends object>(
  sent: readonly Json[],
  inputArray: string,
  read: (entry: JsonObject) => Entry | Refusal,
): Entries<Entry> => {
  const entries: Entry[] = [];
  const errors: EntryError[] = [];
  sent.forEach((entry, index) => {
    const result = read(isJsonObject(entry) ? entry : {});
    if (typeof result === 'string') errors.push({ type: result, input_array: inputArray, index });
    else entries.push(result);
  });
  return { entries, errors };
};
