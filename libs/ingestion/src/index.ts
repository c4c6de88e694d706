export { keyedHashWith } from './adapters/hashes.ts';
export { readFingerprint, WrongSecret } from './application/deployment.ts';
export { identityKeys, type IdentityKeys, type KeyedHash } from './application/identity-keys.ts';
export { createIngestion, type Ingestion } from './application/ingestion.ts';
export { liveRules, type LiveRules } from './application/live-rules.ts';
export type { Clock, IngestionPorts, RequestContext } from './application/ports.ts';
export { defaultTrackRules, type TrackRules } from './domain/parsing/index.ts';
export type { TrackConfig } from './nest/track-settings.ts';
export {
  openIngestion,
  type IngestionBackends,
  type IngestionSettings,
  type OpenIngestion,
} from './nest/open-ingestion.ts';
export { ingestionEndpoints } from './nest/endpoints.ts';
