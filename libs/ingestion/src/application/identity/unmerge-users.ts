import type { ClaimableIdentifier, Operation, UserEvent, OperationOutcome } from '@hearth/contracts';
import type { EventStore } from '@hearth/eventing';
import type { Profile } from '@hearth/profiles';
import { identifiersRemoved, isNamed } from '@hearth/users';

import type { Claims } from './claims.ts';
import { mergeRevisionOf, profileBefore, readHistory } from './histories.ts';
import { addressesOf } from './names.ts';
import type { Run, Step } from './steps.ts';

type Unmerge = Extract<Operation, { kind: 'unmerge' }>;

export interface UnmergePorts {
  readonly store: Pick<EventStore, 'readStream'>;
  readonly step: Step;
  readonly claims: Claims;
}

/**
 * Takes a merge back: both users are folded again without it, and what came to the survivor later stays there. Identifiers go
 * back where nobody else has taken them meanwhile; the user loses those that are somebody else's now.
 */
export const unmergeUsers =
  ({ store, step, claims }: UnmergePorts) =>
  async (run: Run, operation: Unmerge): Promise<OperationOutcome> => {
    const { from, into, merged_into_revision, user_merged_revision } = operation;
    const away = await readHistory(store, from);
    const closed = profileBefore(away, mergeRevisionOf(away, merged_into_revision));
    // The projection may list nobody under them between the two steps.
    for (const address of closed.status === 'active' ? addressesOf(closed) : [])
      await claims.detain(address, run.metadata, { wait: true });
    const parted = await step(run, into, 'parted', ({ profile, undone }) =>
      profile.status === 'active' && !undone.has(user_merged_revision)
        ? [undo(from, user_merged_revision)]
        : [],
    );
    if (parted.at === undefined) return 'gone';
    await step(run, from, 'back', (history) => {
      const mergedAt = mergeRevisionOf(history, merged_into_revision);
      const isAway = history.profile.status === 'merged' && !history.undone.has(mergedAt);
      return isAway ? [undo(into, mergedAt)] : [];
    });

    const { profile: back } = await readHistory(store, from);
    const { profile: kept } = await readHistory(store, into);
    const lost: ClaimableIdentifier[] = [];
    for (const identifier of namesOf(back)) {
      const own = kept.status === 'active' && isNamed(kept, identifier);
      const options = { from: own ? [] : [into], anew: true };
      if (!(await claims.give(identifier, from, run.metadata, options))) lost.push(identifier);
    }
    await step(run, from, 'lost', ({ profile }) =>
      profile.status === 'active'
        ? identifiersRemoved(lost.filter((identifier) => isNamed(profile, identifier)))
        : [],
    );
    // The survivor's stream moves after the claims: who remembers an alias as the survivor's loses its next write to it.
    await step(run, into, 'settled', ({ profile }) =>
      profile.status === 'active'
        ? identifiersRemoved(
            namesOf(back).filter(
              (identifier) => identifier.kind === 'user_alias' && !isNamed(profile, identifier),
            ),
          )
        : [],
    );
    return 'done';
  };

const undo = (other: string, undone_revision: number): UserEvent => ({
  type: 'MergeUndone',
  data: { with: other, undone_revision },
});

const namesOf = (profile: Profile): readonly ClaimableIdentifier[] =>
  profile.status !== 'active'
    ? []
    : [
        ...profile.external_ids.map((value): ClaimableIdentifier => ({ kind: 'external_id', value })),
        ...profile.user_aliases.map((value): ClaimableIdentifier => ({ kind: 'user_alias', value })),
      ];
