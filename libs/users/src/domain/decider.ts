import type { UserEvent } from '@hearth/contracts';
import { reject, type Decider, type Rejection } from '@hearth/eventing';

import { userCreated } from './create-user.ts';
import { splitAttributes } from './split-attributes.ts';
import type { CreateUser, UserCommand } from './user-command.ts';
import { evolve, initialState, type User } from './user.ts';

/** Why a user takes no command: it does not exist, never will, was merged into another, or was deleted. */
export type UserRejection = 'user_unknown' | 'user_forestalled' | 'user_merged' | 'user_deleted';

const decide = (
  command: CreateUser | UserCommand,
  user: User,
): readonly UserEvent[] | Rejection<UserRejection> => {
  if (user.status === 'deleted') return reject('user_deleted', 'The user was deleted');
  if (user.status === 'merged') return reject('user_merged', `The user was merged into ${user.into}`);
  if (user.status === 'forestalled')
    return reject('user_forestalled', 'What would have named the user names another one');
  if (command.type === 'CreateUser')
    return user.status === 'active'
      ? [] // somebody else created it from the same claim: it is the same user
      : [{ type: 'UserCreated', data: userCreated(command.data.braze_id, command.data.identifier) }];
  if (user.status === 'unknown') return reject('user_unknown', 'The user does not exist');
  switch (command.type) {
    case 'UpdateAttributes':
      return splitAttributes(command.data).map((data) => ({ type: 'AttributesUpdated', data }));
    case 'RecordCustomEvent':
      return [{ type: 'CustomEventRecorded', data: command.data }];
    case 'RecordPurchase':
      return [{ type: 'PurchaseRecorded', data: command.data }];
    case 'ChangeSubscriptionGroup':
      return [{ type: 'SubscriptionGroupChanged', data: command.data }];
    default:
      return command satisfies never;
  }
};

/** The rules of a user's stream. */
export const userDecider: Decider<User, CreateUser | UserCommand, UserEvent, UserRejection> = {
  initialState,
  decide,
  evolve,
};
