/** "HRTH": how SQLite's header names a file of ours. */
export const APPLICATION_ID = 0x48525448;
export const SCHEMA_VERSION = 4;

const STREAM_EVENTS = `CREATE TABLE stream_events (
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (stream, revision)
  ) STRICT, WITHOUT ROWID;`;

const STREAM_HEADS = `CREATE TABLE stream_heads (
    stream INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL,
    position INTEGER NOT NULL
  ) STRICT;`;

/**
 * `part` marks where appends begin (1) and end (2), so that a repeat is told from a part of it. Positions are row ids:
 * the log's order is the table's own. Event ids have no index; the stream and revision an append asks for lead to them.
 *
 * `previous` is the position of the stream's event before this one; 0 in the first. NULL is in rows from before version 4, all of
 * which `stream_events` has. Of newer ones it has the milestones, and `stream_heads` the newest event of each stream. Both are
 * filled in batches behind the commits, up to the position in `store.indexed` (docs/decisions/0024).
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
    metadata TEXT NOT NULL,
    previous INTEGER
  ) STRICT;
  ${STREAM_EVENTS}
  ${STREAM_HEADS}
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Takes a log of version 1, whose table had an index instead, to version 2. */
const UPGRADE_FROM_1 = `
  ALTER TABLE store ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0;
  ${STREAM_EVENTS}
  INSERT INTO stream_events SELECT stream, revision, position FROM events ORDER BY stream, revision;
  UPDATE store SET indexed = (SELECT coalesce(max(position), 0) FROM events);
  DROP INDEX events_of_stream;
  PRAGMA user_version = 2;
`;

/** Takes a log of version 2, where every row holds its metadata itself, to version 3: such rows are fit as they are. */
const UPGRADE_FROM_2 = 'PRAGMA user_version = 3;';

/** Takes a log of version 3, whose events do not lead to one another, to the present one: the index gets all of them. */
const UPGRADE_FROM_3 = `
  ALTER TABLE events ADD COLUMN previous INTEGER;
  INSERT OR IGNORE INTO stream_events
    SELECT stream, revision, position FROM events WHERE position > (SELECT indexed FROM store) ORDER BY stream, revision;
  UPDATE store SET indexed = (SELECT coalesce(max(position), 0) FROM events);
  ${STREAM_HEADS}
  INSERT INTO stream_heads SELECT stream, max(revision), position FROM stream_events GROUP BY stream;
  PRAGMA user_version = 4;
`;

/** What takes a log of each version, from 1 on, to the next. */
export const UPGRADES = [UPGRADE_FROM_1, UPGRADE_FROM_2, UPGRADE_FROM_3] as const;

export const FIRST_OF_APPEND = 1;
export const LAST_OF_APPEND = 2;
