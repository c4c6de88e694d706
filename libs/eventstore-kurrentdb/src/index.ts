export { kurrentdbEventStore, type KurrentdbEventStoreOptions } from './kurrentdb-event-store.ts';
