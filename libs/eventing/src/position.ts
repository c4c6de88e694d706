import { PositionError } from './errors.ts';

declare const positionBrand: unique symbol;

/**
 * A place in the log of one store: opaque, printable (`<store id>:<19 digits>`), ordered. Callers compare positions and
 * pass them back; only an adapter knows what its digits mean.
 */
export type Position = string & { readonly [positionBrand]: true };

const pattern = /^([0-9a-f]{8}):(\d{19})$/;

const DIGITS = 19;
const LAST_DIGITS = 3;
const LAST = 10 ** LAST_DIGITS;
const endings = Array.from({ length: LAST }, (_, ending) => String(ending).padStart(LAST_DIGITS, '0'));

/** Positions come in order, several for each write: all but their last digits are put together once for a thousand. */
let lastBeginning = { storeId: '', thousands: -1, text: '' };

/** Builds the position at `offset` of a store. Adapters only. */
export const positionAt = (storeId: string, offset: bigint | number): Position => {
  if (typeof offset === 'bigint') return `${storeId}:${String(offset).padStart(DIGITS, '0')}` as Position;
  const thousands = Math.floor(offset / LAST);
  if (thousands !== lastBeginning.thousands || storeId !== lastBeginning.storeId) {
    const text = `${storeId}:${String(thousands).padStart(DIGITS - LAST_DIGITS, '0')}`;
    lastBeginning = { storeId, thousands, text };
  }
  return (lastBeginning.text + endings[offset - thousands * LAST]!) as Position;
};

/** Reads a position a client sent. Throws `PositionError` where it is malformed. */
export const parsePosition = (text: string): { position: Position; storeId: string; offset: bigint } => {
  const match = pattern.exec(text);
  if (!match)
    throw new PositionError('malformed_position', `"${text.slice(0, 64)}" is not a position of a Hearth log`);
  return { position: text as Position, storeId: match[1]!, offset: BigInt(match[2]!) };
};

/** Negative, zero or positive as `a` stands before, at or after `b`. Throws where they belong to two stores. */
export const comparePositions = (a: Position, b: Position): number => {
  if (a === b) return 0;
  if (!isOfSameStore(a, b))
    throw new PositionError(
      'position_of_another_store',
      `Positions ${a} and ${b} belong to different stores`,
    );
  return a < b ? -1 : 1;
};

const STORE_ID_LENGTH = 8;

/** Character by character: positions are compared several times a write, and need no copies of their beginnings for it. */
const isOfSameStore = (a: Position, b: Position): boolean => {
  for (let at = 0; at < STORE_ID_LENGTH; at++) if (a.charCodeAt(at) !== b.charCodeAt(at)) return false;
  return true;
};

/** The later of two positions of one store; either may be missing. */
export const laterPosition = (a: Position | undefined, b: Position | undefined): Position | undefined =>
  a === undefined ? b : b === undefined ? a : comparePositions(a, b) < 0 ? b : a;
