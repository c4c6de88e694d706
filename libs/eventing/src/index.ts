export * from './decider.ts';
export * from './encode-append.ts';
export * from './errors.ts';
export * from './event.ts';
export * from './event-filter.ts';
export * from './event-store.ts';
export * from './position.ts';
