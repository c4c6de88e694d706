/**
 * The same text in one piece of memory. One that was cut out of another, or put together of two, is a reference to them: it keeps
 * them, and whoever compares it looks at each. Worth its price, a copy, for names that stay and are looked up again and again.
 */
export const inOnePiece = (text: string): string =>
  text.isWellFormed() ? Buffer.from(text).toString() : text; // half of a surrogate pair has no form in UTF-8
