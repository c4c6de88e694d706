import type { Json } from '@hearth/contracts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/**
 * Reads the text of a request body. Undefined: text that is not JSON, and objects that name a key twice, because readers
 * disagree on which of the two counts. What the body may be (an object, in general) is for the caller to say.
 */
export const parseJsonBody = (text: string): { readonly body: Json } | undefined => {
  let body: Json;
  try {
    body = JSON.parse(text) as Json;
  } catch {
    return undefined; // a SyntaxError, or a RangeError where the engine gives up on the depth
  }
  return countKeys(body) === countColons(text) ? { body } : undefined;
};

/**
 * Keys as written: in valid JSON a colon outside of a string follows a key and stands nowhere else. A key written twice is
 * counted twice here and once in the tree.
 */
const countColons = (text: string): number => {
  let colons = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COLON) colons++;
    else if (code === QUOTE)
      for (at++; at < text.length; at++) {
        const inside = text.charCodeAt(at);
        if (inside === QUOTE) break;
        if (inside === BACKSLASH) at++;
      }
  }
  return colons;
};

/** Keys of all objects in the tree. Keeps its own stack: a body may be nested deeper than calls can go. */
const countKeys = (root: Json): number => {
  let keys = 0;
  const open: Json[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item === 'object' && item !== null) open.push(item);
    } else {
      const object = value as Record<string, Json>;
      // No list is made for it, as Object.values would. What was parsed inherits nothing that could be met here, as long as
      // nobody adds to Object.prototype.
      for (const key in object) {
        keys++;
        const item = object[key]!;
        if (typeof item === 'object' && item !== null) open.push(item);
      }
    }
  }
  return keys;
};
