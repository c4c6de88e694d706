export {
  changeIdentifiers,
  identifiersRemoved,
  isNamed,
  nameUnder,
  type ChangeIdentifiers,
  type Names,
  type NamesRejection,
} from './domain/change-identifiers.ts';
export { userDecider, type UserRejection } from './domain/decider.ts';
export type { CreateUser, UserCommand } from './domain/user-command.ts';
export { evolve as evolveUser, type User } from './domain/user.ts';
