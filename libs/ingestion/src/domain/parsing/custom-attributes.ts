import { isJsonObject, type Json } from '@hearth/contracts';

import { MAX_CHARS } from './limits.ts';
import { Flaw, isTime, readItems, readNested } from './nested-values.ts';
import { isScalarList, readOperator } from './operators.ts';
import { isLonger } from './text-length.ts';
import { isStorable, parseTime, toIso } from './time-strings.ts';

const DOLLAR = 0x24;

/** Whether a custom attribute may have this name: 1 to 255 characters, no `$` in front (user-data API §8.1). */
export const isAttributeName = (name: string): boolean =>
  name.length > 0 && name.charCodeAt(0) !== DOLLAR && !isLonger(name, MAX_CHARS);

const TOO_LONG = new Flaw('string_too_long');
const MIXED_LIST = new Flaw('mixed_list');

/**
 * Reads the value of a custom attribute (§8.2 to §8.6). Strings that are times become `{"$time": iso}`; operators stand as
 * sent; null removes.
 *
 * @returns the value as it goes into the log, or the flaw for which the attribute is left as it was. The other attributes of
 * the object still count.
 */
export const readAttribute = (sent: Json): Json | Flaw => {
  if (typeof sent === 'string') return readText(sent);
  if (isJsonObject(sent)) return readOperator(sent) ?? readNested(sent);
  return Array.isArray(sent) ? readArray(sent as readonly Json[]) : sent;
};

/** A time outside of the years 0 to 3000 stays the string it is (§8.3). */
const readText = (sent: string): Json | Flaw => {
  if (isLonger(sent, MAX_CHARS)) return TOO_LONG;
  const epochMs = parseTime(sent);
  return epochMs !== undefined && isStorable(epochMs) ? { $time: toIso(epochMs) } : sent;
};

/** An array is either a set of scalars or a list of objects (§8.4, §8.6). */
const readArray = (sent: readonly Json[]): Json | Flaw =>
  isScalarList(sent) || sent.every((item) => isJsonObject(item) && !isTime(item))
    ? readItems(sent)
    : MIXED_LIST;
