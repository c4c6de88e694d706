import { DatabaseSync } from 'node:sqlite';

/** What makes a log of each version one of the version before, as that one would have left it behind after a crash. */
const DOWNGRADES: Record<number, string> = {
  4: `
    INSERT OR IGNORE INTO stream_events SELECT stream, revision, position FROM events;
    UPDATE store SET indexed = (SELECT max(position) / 2 FROM events);
    DELETE FROM stream_events WHERE position > (SELECT indexed FROM store);
    DROP TABLE stream_heads;
    ALTER TABLE events DROP COLUMN previous;
    PRAGMA user_version = 3`,
  3: 'PRAGMA user_version = 2',
  2: `
    DROP TABLE stream_events;
    ALTER TABLE store DROP COLUMN indexed;
    CREATE UNIQUE INDEX events_of_stream ON events (stream, revision);
    PRAGMA user_version = 1`,
};

/** Makes a closed log one of an earlier version. */
export const makeEarlier = (file: string, version: number): void => {
  const database = new DatabaseSync(file);
  const present = Number(database.prepare('PRAGMA user_version').get()!['user_version']);
  for (let now = present; now > version; now -= 1) database.exec(DOWNGRADES[now]!);
  database.close();
};
