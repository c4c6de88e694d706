export * from './messaging.contract.ts';
export * from './coalesce.contract.ts';
export type { MessagingFixture, OpenMessaging } from './fixture.ts';
