export * from './coalesce.ts';
export * from './errors.ts';
export * from './in-flight.ts';
export * from './in-process.ts';
export * from './json-payload.ts';
export * from './messaging.ts';
export * from './subjects.ts';
