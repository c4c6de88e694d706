/** True where a text has more than `limit` characters; a surrogate pair is one character. */
export const longerThan = (text: string, limit: number): boolean => {
  if (text.length <= limit) return false;
  if (text.length > 2 * limit) return true;
  let characters = 0;
  for (const _ of text) if (++characters > limit) return true;
  return false;
};

/** True where a text takes more than `limit` bytes in UTF-8. */
export const largerThan = (text: string, limit: number): boolean => {
  if (text.length > limit) return true;
  if (text.length * 3 <= limit) return false;
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    // Half of a surrogate pair is half of four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : unit >= 0xd800 && unit <= 0xdfff ? 2 : 3;
    if (bytes > limit) return true;
  }
  return false;
};
