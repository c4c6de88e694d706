export { keyedHashWith } from './adapters/hashes.ts';
export { readFingerprint, WrongSecret } from './application/deployment.ts';
export { identityKeys, type IdentityKeys, type KeyedHash } from './application/identity-keys.ts';
export type { Clock } from './application/ports.ts';
export {
  openIngestion,
  type IngestionBackends,
  type IngestionSettings,
  type OpenIngestion,
} from './nest/open-ingestion.ts';
