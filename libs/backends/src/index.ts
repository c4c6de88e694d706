export * from './event-store-for.ts';
export * from './open-event-store.ts';
export * from './open-messaging.ts';
