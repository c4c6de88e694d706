import { hash, randomBytes } from 'node:crypto';

/** SHA-256 in hex: the form in which API keys are kept. */
export const hashKey = (key: string): string => hash('sha256', key, 'hex');

/** A new API key: 32 random bytes, safe in headers and shells. */
export const newApiKey = (): string => randomBytes(32).toString('base64url');
