import { identifierKey, partitionOf, type Identifier } from '@hearth/contracts';
import {
  EventStoreUnavailable,
  laterPosition,
  WrongExpectedRevision,
  type AppendOutcome,
  type Position,
} from '@hearth/eventing';
import type { UserCommand } from '@hearth/users';

import { segmentsOf } from '../domain/segments.ts';
import { groupByUser, identifiersOf, type UserGroup } from '../domain/user-groups.ts';
import {
  appendToUser,
  prepareAppends,
  type Applied,
  type AppendPorts,
  type UserAppend,
} from './append-to-user.ts';
import { NotStored } from './errors.ts';
import { findTarget, isContact, type Horizon } from './find-target.ts';
import { keyedWrites, type KeyedWrites } from './idempotency/keyed-writes.ts';
import type { Lanes } from './lanes.ts';
import { metadataOf, type IngestionPorts, type RequestContext } from './ports.ts';
import type { ExistingUser, NewUser, UserDirectory } from './user-directory.ts';

/** What one object of a request asks of one user. */
export interface UserWrite {
  readonly identifier: Identifier;
  /** Write only where the user exists; otherwise nothing happens, silently. */
  readonly updateExistingOnly: boolean;
  readonly commands: readonly UserCommand[];
  /** Where the object stands in the request, for a write that comes from an array of it. */
  readonly inputArray?: string;
  readonly index?: number;
}

/** What became of one write: applied, nobody there to apply it to, or failed. */
export type WriteOutcome =
  { readonly applied: Applied } | { readonly absent: true } | { readonly failed: Error };

export interface ApplyOptions {
  /** Refuses, before anything is appended, users whose profile nobody serves now. */
  readonly requireProfileOwner?: boolean;
}

/** Applies the writes of one request, in order for each user. Answers write by write, in the order given. */
export type ApplyWrites = (
  writes: readonly UserWrite[],
  context: RequestContext,
  options?: ApplyOptions,
) => Promise<readonly WriteOutcome[]>;

/** What holds for all writes of one request. */
interface Run extends ApplyOptions {
  readonly keyed?: KeyedWrites | undefined;
}

type Target = ExistingUser | NewUser | undefined;
type Group = UserGroup<NonNullable<Target>>;

const MAX_RACES = 50;

/**
 * Resolves, decides and appends. What a request asks of one user is one append, in the user's lane; a lost race resolves
 * again and decides anew. Different users never wait for each other.
 */
export const createApplyWrites = (
  ports: IngestionPorts & AppendPorts & { horizon: Horizon; inLane: Lanes },
): ApplyWrites => {
  const { directory, owners, horizon, clock, store, inLane } = ports;
  const append = appendToUser(ports);
  const prepare = prepareAppends(ports);
  const find = findTarget(ports);

  const remembered = (identifier: Identifier): Target =>
    identifier.kind === 'braze_id' || isContact(identifier) ? undefined : directory.remembered(identifier);
  const checkOwner = (target: NonNullable<Target>, options: Run): void => {
    if (options.requireProfileOwner && owners.ownerOf(partitionOf(target.brazeId)) === undefined)
      throw new NotStored('The profile projection is away');
  };

  const appendGroup = async (
    { target, commands }: Pick<Group, 'target'> & Pick<UserWrite, 'commands'>,
    context: RequestContext,
    options: Run,
  ): Promise<Applied> => {
    checkOwner(target, options);
    const applied = await inLane(target.brazeId, () =>
      append(asLeft(directory, target), commands, metadataOf(context), options.keyed?.toEvent),
    );
    horizon.position = laterPosition(horizon.position, applied.position);
    return applied;
  };

  /** What is asked of many users, as one list of appends: `note` is told what became of each. */
  const appendTogether = (
    groups: readonly Group[],
    context: RequestContext,
    options: Run,
    note: (group: Group, result: Applied | Error) => void,
  ): Promise<void> =>
    inLane.together(
      groups.map(({ target }) => target.brazeId),
      async () => {
        const metadata = metadataOf(context);
        const prepared: (UserAppend & { group: Group })[] = [];
        for (const group of groups) {
          const { target, commands } = group;
          try {
            checkOwner(target, options);
            const append = prepare(asLeft(directory, target), commands, metadata, options.keyed?.toEvent);
            prepared.push({ group, ...append });
          } catch (error) {
            note(group, error as Error);
          }
        }
        let outcomes: readonly AppendOutcome[];
        try {
          outcomes = await store.appendMany(prepared.flatMap(({ items }) => items));
        } catch (error) {
          for (const { group } of prepared) note(group, error as Error);
          return;
        }
        let at = 0;
        for (const { group, items, conclude } of prepared) {
          const own = outcomes.slice(at, (at += items.length));
          try {
            const applied = conclude(own);
            note(group, applied instanceof Promise ? await applied : applied);
          } catch (error) {
            note(group, error as Error);
          }
        }
      },
    );

  /** One attempt at some writes. Returns the indices of those that lost a race. */
  const attempt = async (
    indices: readonly number[],
    writes: readonly UserWrite[],
    outcomes: WriteOutcome[],
    context: RequestContext,
    options: Run,
    mayBeStored: boolean,
  ): Promise<number[]> => {
    const targets = new Map<string, Target>();
    const finding: Promise<void>[] = [];
    for (const { key, identifier, create } of identifiersOf(indices, writes)) {
      const known = remembered(identifier);
      if (known) targets.set(key, known);
      else finding.push(find(identifier, create, context).then((target) => void targets.set(key, target)));
    }
    if (finding.length > 0) await Promise.all(finding);
    // Only after the users were found: what is not stored now cannot come before the revisions that they were found at.
    if (mayBeStored) await options.keyed?.look();
    const open = mayBeStored ? indices.filter((index) => !settled(index, outcomes, options)) : indices;
    const { groups, absent } = groupByUser(open, writes, (write) =>
      targets.get(identifierKey(write.identifier)),
    );
    for (const index of absent) outcomes[index] = { absent: true };
    const lost: number[] = [];
    const note = (group: Group, result: Applied | Error): void => {
      if (result instanceof WrongExpectedRevision) lost.push(...group.indices);
      else if (result instanceof Error)
        for (const index of group.indices) outcomes[index] = { failed: result };
      else {
        horizon.position = laterPosition(horizon.position, result.position);
        for (const index of group.indices) outcomes[index] = { applied: result };
      }
    };
    // Who is being written to keeps nobody else waiting.
    const isFree = ({ target }: Group): boolean => inLane.isFree(target.brazeId);
    const free = groups.filter(isFree);
    const busy = groups.filter((group) => !isFree(group));
    await Promise.all([
      ...(free.length > 0 ? [appendTogether(free, context, options, note)] : []),
      ...busy.map((group) =>
        appendGroup(group, context, options).then(
          (applied) => note(group, applied),
          (error: unknown) => note(group, error as Error),
        ),
      ),
    ]);
    return lost.toSorted((one, other) => one - other);
  };

  /** Throws where it is time to give up; otherwise the next attempt sees what the winner did. */
  const afterLostRace = async (
    race: number,
    lost: readonly UserWrite[],
    context: RequestContext,
  ): Promise<void> => {
    if (race >= MAX_RACES || clock.now() > context.deadline)
      throw new EventStoreUnavailable('Others kept writing to the same user until the deadline');
    if (lost.some(({ identifier }) => isContact(identifier)))
      horizon.position = laterPosition(horizon.position, await store.head());
  };

  const applySegment = async (
    segment: readonly number[],
    writes: readonly UserWrite[],
    outcomes: WriteOutcome[],
    context: RequestContext,
    options: Run,
  ): Promise<void> => {
    let pending = segment;
    for (let race = 0; ; race++) {
      try {
        const mayBeStored = options.keyed !== undefined && (race > 0 || options.keyed.mayBeStored);
        pending = await attempt(pending, writes, outcomes, context, options, mayBeStored);
        if (pending.length === 0) return;
        const lost = pending.map((index) => writes[index]!);
        await afterLostRace(race, lost, context);
      } catch (failed) {
        for (const index of pending) outcomes[index] ??= { failed: failed as Error };
        return;
      }
    }
  };

  /** A single write needs no sorting by user: the way of every synchronous call, kept short. */
  const applyOne = async (
    write: UserWrite,
    context: RequestContext,
    options: ApplyOptions,
  ): Promise<WriteOutcome> => {
    const { identifier, updateExistingOnly, commands } = write;
    for (let race = 0; ; race++) {
      try {
        const target = remembered(identifier) ?? (await find(identifier, !updateExistingOnly, context));
        if (!target) return { absent: true };
        return { applied: await appendGroup({ target, commands }, context, options) };
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) return { failed: error as Error };
      }
      try {
        await afterLostRace(race, [write], context);
      } catch (error) {
        return { failed: error as Error };
      }
    }
  };

  return async (writes, context, options = {}) => {
    if (writes.length === 1 && !context.request) return [await applyOne(writes[0]!, context, options)];
    const outcomes = new Array<WriteOutcome>(writes.length);
    const run: Run = context.request
      ? { ...options, keyed: keyedWrites(context.request, writes, metadataOf(context)) }
      : options;
    for (const segment of segmentsOf(writes)) await applySegment(segment, writes, outcomes, context, run);
    return outcomes;
  };
};

/** Takes note of a write that an earlier attempt at the request, or another one of now, has stored. */
const settled = (index: number, outcomes: WriteOutcome[], { keyed }: Run): boolean => {
  const applied = keyed?.applied(index);
  if (applied) outcomes[index] = { applied };
  return applied !== undefined;
};

/** The target as the lane's last append left it, unless it was found under an older knowledge of the user. */
const asLeft = (directory: UserDirectory, target: NonNullable<Target>): NonNullable<Target> => {
  const current = directory.current(target.brazeId);
  if (!current) return target;
  if (target.kind === 'existing')
    return current.generation === target.generation ? { ...target, revision: current.revision } : target;
  return (
    directory.remembered(target.identifier) ?? { ...current, ...(target.claim && { claim: target.claim }) }
  );
};

/** The newest position that a request's writes left behind. */
export const positionOf = (outcomes: readonly WriteOutcome[]): Position | undefined =>
  outcomes.reduce<Position | undefined>(
    (latest, outcome) => ('applied' in outcome ? laterPosition(latest, outcome.applied.position) : latest),
    undefined,
  );
