export * from './domain/user-command.ts';
