import type { JsonObject, Operation, UserEvent, OperationOutcome } from '@hearth/contracts';
import { MAX_APPEND_BYTES, type EventStore } from '@hearth/eventing';
import type { ActiveProfile, Profile } from '@hearth/profiles';
import { nameUnder } from '@hearth/users';

import { groupsTakenOver } from '../../domain/subscriptions/spread.ts';
import type { IdentityKeys } from '../identity-keys.ts';
import type { LiveRules } from '../live-rules.ts';
import { carries, movable } from './carried-identifiers.ts';
import type { Claims } from './claims.ts';
import { mergeRevisionOf, profileBefore, readHistory } from './histories.ts';
import { addressesOf, goesBy } from './names.ts';
import type { Run, Step } from './steps.ts';

type Merge = Extract<Operation, { kind: 'merge' }>;

export interface MergePorts {
  readonly store: Pick<EventStore, 'readStream'>;
  readonly keys: IdentityKeys;
  readonly step: Step;
  readonly claims: Claims;
  readonly rules: LiveRules;
}

/** Leaves room in one append for what is around it. */
const MAX_CONTRIBUTION_BYTES = MAX_APPEND_BYTES - 10_000;

/**
 * Merges one user into another. The one that goes is closed first, so what it brings is settled; then the other one takes it,
 * whenever that succeeds; then the aliases follow. Where the survivor is gone by then, or does not take it any more, the first
 * step is taken back.
 */
export const mergeUsers =
  ({ store, keys, step, claims, rules }: MergePorts) =>
  async (run: Run, operation: Merge): Promise<OperationOutcome> => {
    const { from, into, behavior } = operation;
    let refused: OperationOutcome = 'gone';
    const decided = (refusal: OperationOutcome | undefined, event: UserEvent): readonly UserEvent[] => {
      refused = refusal ?? 'done';
      return refusal === undefined ? [event] : [];
    };

    /** The projection lists nobody under the addresses of a user between the two steps. */
    const detain = async (profile: Profile, options: { readonly wait: boolean }): Promise<boolean> => {
      for (const address of profile.status === 'active' ? addressesOf(profile) : [])
        if (!(await claims.detain(address, run.metadata, options))) return false;
      return true;
    };

    // Waits for other operations, which may need the user's lane.
    await detain((await readHistory(store, from)).profile, { wait: true });
    const left = await step(run, from, 'merged', async ({ profile }) => {
      const survivor = await readHistory(store, into);
      const refusal =
        refusalToLeave(profile, operation, keys) ??
        refusalToJoin(survivor.profile, operation, keys) ??
        ((await detain(profile, { wait: false })) ? undefined : 'busy');
      return decided(refusal, { type: 'MergedInto', data: { braze_id: into } });
    });
    const closedAt = left.at;
    if (closedAt === undefined) return refused;
    const closed = await readHistory(store, from);
    if (closed.undone.has(closedAt)) return 'gone';
    const brought = profileBefore(closed, mergeRevisionOf(closed, closedAt)) as ActiveProfile;

    const joined = await step(run, into, 'joined', ({ profile }) => {
      const contributed = contribution(takenOver(brought, profile, rules), behavior);
      const data = { from, at_revision: closedAt, contributed };
      return decided(refusalToJoin(profile, operation, keys), { type: 'UserMerged', data });
    });
    if (joined.at === undefined) {
      await step(run, from, 'returned', ({ undone }): readonly UserEvent[] =>
        undone.has(closedAt)
          ? []
          : [{ type: 'MergeUndone', data: { with: into, undone_revision: closedAt } }],
      );
      return refused;
    }

    const { profile: kept } = await readHistory(store, into);
    const still = async (): Promise<boolean> => !(await readHistory(store, from)).undone.has(closedAt);
    for (const identifier of movable(brought))
      if (kept.status === 'active' && carries(kept, identifier))
        await claims.give(identifier, into, run.metadata, { from: [from], still });
      else await claims.release(identifier, [from, into], run.metadata, { still });
    return 'done';
  };

const refusalToLeave = (
  profile: Profile,
  { behavior, identifies, from_name }: Merge,
  keys: IdentityKeys,
): OperationOutcome | undefined => {
  if (profile.status !== 'active') return 'gone';
  if (!goesBy(profile, from_name, keys)) return 'not_named_so';
  if (identifies && profile.external_ids.length > 0) return 'other_primary';
  return sizeOf(contribution(profile, behavior)) > MAX_CONTRIBUTION_BYTES ? 'too_large' : undefined;
};

const refusalToJoin = (
  profile: Profile,
  { identifies, into_name }: Merge,
  keys: IdentityKeys,
): OperationOutcome | undefined => {
  if (profile.status !== 'active') return 'gone';
  if (!goesBy(profile, into_name, keys)) return 'not_named_so';
  const label = identifies?.alias_label;
  return label !== undefined && nameUnder(profile, label) !== undefined ? 'label_taken' : undefined;
};

const sizeOf = (contributed: JsonObject): number => Buffer.byteLength(JSON.stringify(contributed));

/** What a user brings without the states in groups that belong to an address which stays behind. */
const takenOver = (brought: ActiveProfile, survivor: Profile, { current }: LiveRules): ActiveProfile =>
  survivor.status !== 'active' || brought.subscription_groups === undefined
    ? brought
    : { ...brought, subscription_groups: groupsTakenOver(brought, survivor, current.subscriptionGroups) };

/** Without a merge of profiles only what devices are reached by moves over, and the aliases (user-data API §12.3). */
const contribution = (profile: ActiveProfile, behavior: Merge['behavior']): JsonObject => {
  const { user_aliases, push_tokens } = profile;
  return (behavior === 'merge'
    ? profile
    : { user_aliases, ...(push_tokens && { push_tokens }) }) as unknown as JsonObject;
};
