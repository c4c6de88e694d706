/** Characters of a key at most. */
export const MAX_KEY_LENGTH = 255;

/** A key as read from the header, or why the header cannot be read. */
export type ReadKey = { readonly key: string } | { readonly broken: string };

const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
/** As most clients send it: no quotes, no commas (two headers in one line), no spaces. */
const BARE = /^[\x21\x23-\x2b\x2d-\x7e]+$/;

const broken = (detail: string): ReadKey => ({ broken: `The Idempotency-Key header ${detail}` });

/**
 * Reads an `Idempotency-Key` header. The standard's draft makes it a quoted string of structured headers; the same key
 * without quotes, as most clients send it, is the same key.
 */
export const readIdempotencyKey = (header: string | readonly string[]): ReadKey => {
  if (typeof header !== 'string') return broken('was sent more than once');
  const text = header.trim();
  const quoted = QUOTED.exec(text)?.[1];
  const key = quoted === undefined ? (BARE.test(text) ? text : undefined) : quoted.replace(/\\(.)/g, '$1');
  if (key === undefined) return broken('is not one key: printable ASCII characters, in double quotes');
  if (key === '') return broken('is empty');
  return key.length > MAX_KEY_LENGTH ? broken(`has more than ${MAX_KEY_LENGTH} characters`) : { key };
};
