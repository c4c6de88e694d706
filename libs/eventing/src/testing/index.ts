export * from './decider-spec.ts';
export * from './event-store-fixture.ts';
export * from './event-store.contract.ts';
export * from './run-program.ts';
export * from './sample-events.ts';
export * from './subscriptions.ts';
export * from './writers.ts';
