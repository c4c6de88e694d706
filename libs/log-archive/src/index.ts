export { ArchiveError, type ArchiveErrorCode } from './domain/archive-error.ts';
export {
  ARCHIVE_FORMAT,
  ARCHIVE_VERSION,
  type ArchivedEvent,
  type ArchiveHeader,
} from './domain/archive-lines.ts';
export type { Digest, Line } from './domain/archive-verification.ts';
export type { Sha256 } from './domain/erased-events.ts';
export { exportLog, readFingerprint, type ExportPorts, type ReadableLog } from './application/export-log.ts';
export {
  importLog,
  type Imported,
  type ImportPorts,
  type FillableLog,
  type ImportStep,
} from './application/import-log.ts';
export { verifyArchive, type ArchiveSource, type VerifiedArchive } from './application/archive-source.ts';
export { archiveFile } from './adapters/archive-file.ts';
export { sha256, sha256Digest } from './adapters/sha256.ts';
