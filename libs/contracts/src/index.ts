export * from './identifiers.ts';
export * from './json.ts';
export * from './streams.ts';
export * from './user-events.ts';
export * from './partitions.ts';
export * from './profile-messages.ts';
export * from './deployment-events.ts';
export * from './permissions.ts';
