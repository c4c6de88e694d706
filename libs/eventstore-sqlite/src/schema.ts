/** "HRTH": how SQLite's header names a file of ours. */
export const APPLICATION_ID = 0x48525448;
export const SCHEMA_VERSION = 1;

/**
 * `part` marks where appends begin (1) and end (2), so that a repeat is told from a part of it. Positions are row ids:
 * the log's order is the table's own. Event ids have no index; the stream and revision an append asks for lead to them.
 *
 * Erased events stay as empty rows (`type` is ''). Deleting them would make SQLite rebalance pages, which moves rows of
 * other streams and leaves copies of them in unused parts of pages that `secure_delete` does not reach.
 */
export const SCHEMA = `
  CREATE TABLE store (id TEXT NOT NULL) STRICT;
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
  CREATE UNIQUE INDEX events_of_stream ON events (stream, revision);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

export const FIRST_OF_APPEND = 1;
export const LAST_OF_APPEND = 2;
