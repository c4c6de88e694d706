import {
  identifierKey,
  userStream,
  type ClaimableIdentifier,
  type Operation,
  type OperationOutcome,
  type UserEvent,
} from '@hearth/contracts';
import { isRejection, type EventStore, type RecordedEvent } from '@hearth/eventing';
import type { Profile } from '@hearth/profiles';
import { changeIdentifiers, identifiersRemoved, isNamed } from '@hearth/users';

import type { IdentityKeys } from '../identity-keys.ts';
import type { Claims } from './claims.ts';
import { lastMergeOf, profileBefore, readHistory, type History } from './histories.ts';
import { goesBy } from './names.ts';
import type { Run, Step, Stepped } from './steps.ts';

type ChangeIdentifiers = Extract<Operation, { kind: 'change_identifiers' }>;

export interface ChangeNamesPorts {
  readonly store: Pick<EventStore, 'readStream'>;
  readonly keys: IdentityKeys;
  readonly step: Step;
  readonly claims: Claims;
}

/**
 * Gives a user identifiers and takes others from it. All of them are reserved first, so that nobody makes use of one until it is
 * settled whose it is; the user's stream settles that; what the user does not have in the end is given up.
 */
export const changeNames =
  ({ store, keys, step, claims }: ChangeNamesPorts) =>
  async (run: Run, operation: ChangeIdentifiers): Promise<OperationOutcome> => {
    const { braze_id: brazeId, add, remove } = operation;
    const { metadata } = run;
    // In one order everywhere: of two operations that want the same ones, one gets all.
    const identifiers = [...add, ...remove].toSorted(byKey);

    /**
     * The first event of a step as it stands, read anew: the change and its refusal have one id, so that only one of them is stored,
     * and who appends the other is told that its own is.
     */
    const standingOf = async ({ at }: Stepped): Promise<RecordedEvent | undefined> =>
      at === undefined
        ? undefined
        : (await store.readStream(userStream(brazeId), { from: at - 1, limit: 1 })).events[0];

    const change = async (): Promise<OperationOutcome> => {
      let outcome: OperationOutcome = 'done';
      const stepped = await step(run, brazeId, 'names', async ({ profile }) => {
        const decided = decide(profile, operation, keys);
        outcome = typeof decided === 'string' ? decided : 'done';
        if (typeof decided === 'string') return [];
        for (const identifier of identifiers) {
          const reservation = await claims.reserve(identifier, brazeId, metadata);
          if (reservation === 'reserved') continue;
          // What is to be removed was the user's a moment ago: others are at it.
          outcome = remove.includes(identifier) ? 'busy' : reservation;
          return [];
        }
        return decided;
      });
      return isRefused(await standingOf(stepped), add) ? 'busy' : outcome;
    };

    /**
     * Whoever else is at the same operation may be about to find that it can be done: it loses by this event in place of the change,
     * before what both have reserved is given up. Where it was faster, it is done.
     */
    const refuse = async (outcome: OperationOutcome): Promise<OperationOutcome> => {
      const refused = await step(run, brazeId, 'names', ({ profile }) =>
        profile.status === 'active'
          ? identifiersRemoved(add.filter((identifier) => !isNamed(profile, identifier)))
          : [],
      );
      const standing = await standingOf(refused);
      return standing === undefined || isRefused(standing, add) ? outcome : 'done';
    };

    let outcome = await change();
    const held: ClaimableIdentifier[] = [];
    for (const identifier of identifiers)
      if (await claims.holds(identifier, brazeId, metadata)) held.push(identifier);
    if (outcome !== 'done' && (held.length > 0 || outcome === 'taken' || outcome === 'busy'))
      outcome = await refuse(outcome);

    const last = lastProfileOf(await readHistory(store, brazeId));
    for (const identifier of held)
      if (last.status !== 'active' || !isNamed(last, identifier))
        await claims.giveUp(identifier, brazeId, metadata);
    return outcome;
  };

/** True where an operation that was to add identifiers came to nothing: the step says that the user does not have one. */
const isRefused = (recorded: RecordedEvent | undefined, add: readonly ClaimableIdentifier[]): boolean => {
  const standing = recorded as UserEvent | undefined;
  if (standing?.type !== 'IdentifierRemoved') return false;
  const { identifier } = standing.data;
  return add.some((added) => identifierKey(added) === identifierKey(identifier));
};

const byKey = (one: ClaimableIdentifier, other: ClaimableIdentifier): number =>
  identifierKey(one) < identifierKey(other) ? -1 : 1;

const decide = (
  profile: Profile,
  operation: ChangeIdentifiers,
  keys: IdentityKeys,
): readonly UserEvent[] | OperationOutcome => {
  if (profile.status !== 'active') return 'gone';
  if (!goesBy(profile, operation.name, keys)) return 'not_named_so';
  const decided = changeIdentifiers(operation, profile);
  return isRejection(decided) ? decided.rejected : decided;
};

/** The user as it is, or as it was when it was merged: what it had then goes the way of the merge. */
const lastProfileOf = (history: History): Profile => {
  if (history.profile.status !== 'merged') return history.profile;
  const closed = lastMergeOf(history);
  return closed ? profileBefore(history, closed.revision) : history.profile;
};
