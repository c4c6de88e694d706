/** How many digits make up a key, and how many words of 32 bits it takes. */
export const HEX_KEY_DIGITS = 24;
export const HEX_KEY_WORDS = 3;

const DIGITS_PER_WORD = 8;
const ZERO = 48;
const NINE = 57;
const A = 97;
const F = 102;

/**
 * Reads the last 24 characters of a text, hex digits in small letters, as words of a key from `at` on. False, with any words
 * there, where they are something else: a key stands for these digits and nothing like them.
 */
export const readHexKey = (text: string, key: Uint32Array, at = 0): boolean => {
  let place = text.length - HEX_KEY_DIGITS;
  if (place < 0) return false;
  for (let word = 0; word < HEX_KEY_WORDS; word += 1) {
    let digits = 0;
    for (const end = place + DIGITS_PER_WORD; place < end; place += 1) {
      const code = text.charCodeAt(place);
      const isDigit = code >= ZERO && code <= NINE;
      if (!isDigit && (code < A || code > F)) return false;
      digits = digits * 16 + code - (isDigit ? ZERO : A - 10);
    }
    key[at + word] = digits;
  }
  return true;
};
