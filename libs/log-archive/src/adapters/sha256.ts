import { createHash } from 'node:crypto';

import type { Digest } from '../domain/archive-verification.ts';
import type { Sha256 } from '../domain/erased-events.ts';

export const sha256Digest = (): Digest => {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
};

export const sha256: Sha256 = (text) => createHash('sha256').update(text).digest('hex');
