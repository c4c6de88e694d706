import {
  partitionOf,
  profilesReadSubject,
  profilesResolveSubject,
  type ProfileCandidate,
  type ReadProfile,
  type ReadProfileReply,
  type ResolveIdentifier,
  type ResolveIdentifierReply,
} from '@hearth/contracts';
import { coalesce, MessagingError, type Messaging } from '@hearth/messaging';

import type { ProfileOwners } from './profile-owners.ts';

/** How long a call may take in all. */
export interface CallOptions {
  readonly timeoutMs: number;
}

/** Asks the owners of profiles. Rejects with a `MessagingError` where no answer came. */
export interface ProfilesClient {
  /** The profile once `min_revision` is applied. Calls of one turn to one owner travel as one message. */
  read(request: ReadProfile, options: CallOptions): Promise<Exclude<ReadProfileReply, { error: unknown }>>;
  /** Everybody who carries an email or phone, asked of every owner: one missing fails the call. */
  resolve(request: ResolveIdentifier, options: CallOptions): Promise<readonly ProfileCandidate[]>;
}

export const profilesClient = (messaging: Messaging, owners: ProfileOwners): ProfilesClient => {
  const ask = coalesce(messaging);
  return {
    read(request, options) {
      const owner = owners.ownerOf(partitionOf(request.braze_id));
      if (owner === undefined) return Promise.reject(away());
      return ask(profilesReadSubject(owner), request, options);
    },
    async resolve(request, options) {
      const everybody = owners.all();
      if (everybody === undefined) throw away();
      const answers = await Promise.all(
        everybody.map((owner) =>
          ask<Exclude<ResolveIdentifierReply, { error: unknown }>>(
            profilesResolveSubject(owner),
            request,
            options,
          ),
        ),
      );
      return answers.flatMap(({ candidates }) => candidates);
    },
  };
};

const away = (): MessagingError =>
  new MessagingError(
    'no_responders',
    'No profile projection serves the partition now; start it or wait for it',
  );
