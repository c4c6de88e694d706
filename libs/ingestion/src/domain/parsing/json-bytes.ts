import type { Json } from '@hearth/contracts';

import { utf8Bytes } from './utf8-bytes.ts';

/** Whether a value takes at most that many bytes as UTF-8 JSON. */
export const fitsIn = (limit: number, value: Json): boolean => {
  const text = JSON.stringify(value);
  return text.length <= limit && (text.length * 3 <= limit || utf8Bytes(text) <= limit);
};
