import { isJsonObject, isUuid, type Json } from '@hearth/contracts';
import type { EventMetadata, RecordedEvent } from '@hearth/eventing';

import { ArchiveError } from './archive-error.ts';

/**
 * An archive of a log: lines of JSON, each ended by a line feed. The first is the header, the last the footer, and
 * between them stand the events in the order of the log. Positions are left out: they belong to one store.
 */
export const ARCHIVE_FORMAT = 'hearth-log';

/** The version of the format that this release writes; it reads this one and those before it. */
export const ARCHIVE_VERSION = 1;

export interface ArchiveHeader {
  readonly version: number;
  /** The store that the log was read from. */
  readonly store_id: string;
  /** Names the secret that the log's hashed stream names are made with; null where the log does not say. */
  readonly secret_fingerprint: string | null;
}

/** An event of the log without its position. */
export type ArchivedEvent = Pick<RecordedEvent, 'stream' | 'revision' | 'id' | 'type' | 'data' | 'metadata'>;

export interface ArchiveFooter {
  /** How many events stand in the archive. */
  readonly events: number;
  /** SHA-256 over every byte before the footer, in hex. */
  readonly sha256: string;
}

/** The lines without their line feeds. */
export const formatHeader = ({ version, store_id, secret_fingerprint }: ArchiveHeader): string =>
  JSON.stringify({ format: ARCHIVE_FORMAT, version, store_id, secret_fingerprint });

export const formatEvent = ({ stream, revision, id, type, data, metadata }: ArchivedEvent): string =>
  JSON.stringify({ stream, revision, id, type, data, metadata });

const FOOTER_START = '{"footer":';

export const formatFooter = ({ events, sha256 }: ArchiveFooter): string =>
  `${FOOTER_START}${JSON.stringify({ events, sha256 })}}`;

/** True where a line can only be a footer: no event begins like it. */
export const looksLikeFooter = (line: string): boolean => line.startsWith(FOOTER_START);

const parseJson = (line: string, number: number): unknown => {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new ArchiveError(
      'archive_damaged',
      `line ${number} is not JSON: the archive is damaged; take another copy of it`,
      { cause },
    );
  }
};

/** Reads the first line. Throws `not_an_archive`, or `archive_newer` where a later release wrote it. */
export const parseHeader = (line: string): ArchiveHeader => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (!isJsonObject(value) || value.format !== ARCHIVE_FORMAT)
    throw new ArchiveError(
      'not_an_archive',
      'the file does not begin with the header of a log archive; give the file that `hearth log export` wrote',
    );
  const { version, store_id, secret_fingerprint } = value;
  if (typeof version === 'number' && version > ARCHIVE_VERSION)
    throw new ArchiveError(
      'archive_newer',
      `the archive has format version ${version}, this release knows ${ARCHIVE_VERSION}: update Hearth to import it`,
    );
  if (
    version !== ARCHIVE_VERSION ||
    typeof store_id !== 'string' ||
    !(typeof secret_fingerprint === 'string' || secret_fingerprint === null)
  )
    throw new ArchiveError(
      'archive_damaged',
      'line 1, the header, is damaged; take another copy of the archive',
    );
  return { version, store_id, secret_fingerprint };
};

/** Reads a line that is neither header nor footer. `number` counts from 1. Throws `archive_damaged`. */
export const parseEvent = (line: string, number: number): ArchivedEvent => {
  const value = parseJson(line, number);
  const problem = problemOf(value);
  if (problem)
    throw new ArchiveError(
      'archive_damaged',
      `line ${number} is not an event (${problem}): the archive is damaged; take another copy of it`,
    );
  const { stream, revision, id, type, data, metadata } = value as { [key: string]: Json } & ArchivedEvent;
  return { stream, revision, id, type, data, metadata: metadata as EventMetadata };
};

const problemOf = (value: unknown): string | undefined => {
  if (!isJsonObject(value)) return 'no object';
  if (typeof value.stream !== 'string' || value.stream === '') return 'no stream';
  if (typeof value.revision !== 'number' || !Number.isSafeInteger(value.revision) || value.revision < 0)
    return 'no revision';
  if (typeof value.id !== 'string' || !isUuid(value.id)) return 'no id';
  if (typeof value.type !== 'string' || value.type === '') return 'no type';
  if (!Object.hasOwn(value, 'data')) return 'no data';
  if (!isJsonObject(value.metadata)) return 'no metadata';
  return undefined;
};
