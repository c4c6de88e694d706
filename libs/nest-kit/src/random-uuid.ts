import { randomFillSync } from 'node:crypto';

const BYTES = 16;
const UUIDS_A_FILL = 512;
const VERSION_4 = 0x40;
const VARIANT = 0x80;
const HEX = Buffer.from('0123456789abcdef', 'latin1');
/** Where the two digits of each byte stand in the text. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

const random = Buffer.allocUnsafeSlow(BYTES * UUIDS_A_FILL);
const text = Buffer.from('00000000-0000-4000-8000-000000000000', 'latin1');
let used = random.length;

/**
 * A random UUID in small letters (RFC 9562, version 4). Every write takes several: `crypto.randomUUID` puts each together of
 * some twenty texts, ten times the memory, and leaves it to its reader to make one of them.
 */
export const randomUuid = (): string => {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  for (let index = 0; index < BYTES; index += 1) {
    let byte = random[used + index]!;
    if (index === 6) byte = (byte & 0x0f) | VERSION_4;
    if (index === 8) byte = (byte & 0x3f) | VARIANT;
    const place = PLACES[index]!;
    text[place] = HEX[byte >> 4]!;
    text[place + 1] = HEX[byte & 0x0f]!;
  }
  used += BYTES;
  return text.toString('latin1');
};
