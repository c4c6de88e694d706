export type { ConnectOptions } from './connect.ts';
export * from './nats-messaging.ts';
