import { createHmac } from 'node:crypto';

import type { KeyedHash } from '../application/identity-keys.ts';

/** HMAC-SHA-256 in hex under the deployment's secret. */
export const keyedHashWith =
  (secret: string): KeyedHash =>
  (text) =>
    createHmac('sha256', secret).update(text).digest('hex');
