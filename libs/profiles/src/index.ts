export * from './domain/changes.ts';
export * from './domain/evolve.ts';
export * from './domain/profile.ts';
export * from './domain/rejections.ts';
export * from './domain/select.ts';
