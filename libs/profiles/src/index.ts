export * from './domain/changes.ts';
export * from './domain/evolve.ts';
export * from './domain/profile.ts';
export * from './domain/rejections.ts';
export * from './domain/select.ts';
export type { GroupState } from './domain/subscriptions.ts';
export { ProjectionError, type ProjectionErrorCode } from './application/errors.ts';
export {
  startProjection,
  type Projection,
  type ProjectionOptions,
  type ProjectionStats,
} from './application/projection.ts';
export { ReadModelError, type ReadModel, type ReadModelErrorCode } from './application/read-model.ts';
export { dumpHash, dumpProfiles } from './adapters/dump-profiles.ts';
export { dumpHashOnThread } from './adapters/dump-thread.ts';
export { PROFILES_FILE } from './adapters/read-model-file.ts';
export { rebuildProfiles, type RebuildProfiles, type RebuiltProfiles } from './adapters/rebuild-profiles.ts';
export type { LogModule, LogModuleExports, ShareLog } from './adapters/share-protocol.ts';
export { openReadModel, type OpenReadModel } from './adapters/sqlite-read-model.ts';
export { profilesEndpoints } from './nest/endpoints.ts';
export * from './nest/open-profiles.ts';
export * from './nest/profiles.module.ts';
