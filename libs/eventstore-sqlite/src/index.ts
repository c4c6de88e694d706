export { openSqliteEventReader, type SqliteEventReader } from './event-reader.ts';
export { openSqliteEventStore, type SqliteEventStore, type SqliteEventStoreOptions } from './event-store.ts';
