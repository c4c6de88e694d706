import {
  partitionOf,
  profilesQuerySubject,
  type BrazeId,
  type ProfileQuery,
  type ProfileQueryReplies,
} from '@hearth/contracts';
import { coalesce, MessagingError, type Messaging } from '@hearth/messaging';

import type { ProfileOwners } from './profile-owners.ts';
import type { CallOptions } from './profiles-client.ts';

type ReplyTo<Query extends ProfileQuery> = ProfileQueryReplies[Query['query']];

/** Asks owners about their users, the own process's included. Rejects with a `MessagingError` where no answer came. */
export interface ProfileQueries {
  /** Every owner's answer, in no order; one missing fails the call. Calls of one turn travel as one message an owner. */
  askAll<Query extends ProfileQuery>(query: Query, options: CallOptions): Promise<readonly ReplyTo<Query>[]>;
  /** The answer of the owner of one user. */
  askOwnerOf<Query extends ProfileQuery>(
    brazeId: BrazeId,
    query: Query,
    options: CallOptions,
  ): Promise<ReplyTo<Query>>;
}

export const profileQueries = (messaging: Messaging, owners: ProfileOwners): ProfileQueries => {
  const ask = coalesce(messaging);
  return {
    async askAll(query, options) {
      const everybody = owners.all();
      if (everybody === undefined) throw away();
      return Promise.all(
        everybody.map((owner) => ask<ReplyTo<typeof query>>(profilesQuerySubject(owner), query, options)),
      );
    },
    async askOwnerOf(brazeId, query, options) {
      const owner = owners.ownerOf(partitionOf(brazeId));
      if (owner === undefined) throw away();
      return ask(profilesQuerySubject(owner), query, options);
    },
  };
};

const away = (): MessagingError =>
  new MessagingError('no_responders', 'A partition of profiles is served by nobody now');
