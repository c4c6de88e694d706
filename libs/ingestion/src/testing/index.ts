export * from './active-users.ts';
export * from './deployment.ts';
export * from './instances.ts';
