/** Whether a text has more than that many characters; a surrogate pair is one character. */
export const isLonger = (text: string, limit: number): boolean => {
  if (text.length <= limit) return false;
  if (text.length > 2 * limit) return true;
  let characters = 0;
  for (const _ of text) if (++characters > limit) return true;
  return false;
};
