export { natsEventStore, type NatsEventStoreOptions } from './nats-event-store.ts';
export { serveEventStore, type ServedEventStore } from './serve-event-store.ts';
