/** "HRTH": how SQLite's header names a file of ours. */
export const APPLICATION_ID = 0x48525448;
export const SCHEMA_VERSION = 3;

const STREAM_EVENTS = `CREATE TABLE stream_events (
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (stream, revision)
  ) STRICT, WITHOUT ROWID;`;

/**
 * `part` marks where appends begin (1) and end (2), so that a repeat is told from a part of it. Positions are row ids:
 * the log's order is the table's own. Event ids have no index; the stream and revision an append asks for lead to them.
 *
 * `stream_events` says where the events of a stream stand. It is filled in batches behind the commits, up to the position in
 * `store.indexed` (docs/decisions/0009): an entry a commit would touch a page for nearly every event.
 *
 * `metadata` is the text itself, or says at which position before it stands (`shared-metadata.ts`).
 *
 * Erased events stay as empty rows (`type` is ''), with their metadata while others share it. Deleting them would make SQLite
 * rebalance pages, which moves rows of other streams and leaves copies of them in unused parts of pages that `secure_delete`
 * does not reach.
 */
export const SCHEMA = `
  CREATE TABLE store (id TEXT NOT NULL, indexed INTEGER NOT NULL DEFAULT 0) STRICT;
  CREATE TABLE streams (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    erased_before INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    part INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    metadata TEXT NOT NULL
  ) STRICT;
  ${STREAM_EVENTS}
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Takes a log of version 1, whose table had an index instead, to version 2. */
export const UPGRADE_FROM_1 = `
  ALTER TABLE store ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0;
  ${STREAM_EVENTS}
  INSERT INTO stream_events SELECT stream, revision, position FROM events ORDER BY stream, revision;
  UPDATE store SET indexed = (SELECT coalesce(max(position), 0) FROM events);
  DROP INDEX events_of_stream;
  PRAGMA user_version = 2;
`;

/** Takes a log of version 2, where every row holds its metadata itself, to the present one: such rows are fit as they are. */
export const UPGRADE_FROM_2 = 'PRAGMA user_version = 3;';

export const FIRST_OF_APPEND = 1;
export const LAST_OF_APPEND = 2;
