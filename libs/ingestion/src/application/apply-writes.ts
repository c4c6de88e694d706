import type { Identifier } from '@hearth/contracts';
import { EventStoreUnavailable, laterPosition, WrongExpectedRevision, type Position } from '@hearth/eventing';
import type { UserCommand } from '@hearth/users';

import { segmentsOf } from '../domain/segments.ts';
import { groupByUser, identifiersOf, type UserGroup } from '../domain/user-groups.ts';
import { createAppendGroups, type AppendGroupsPorts, type Run, type Target } from './append-groups.ts';
import type { Applied } from './append-to-user.ts';
import { findTarget, isContact } from './find-target.ts';
import { keyedWrites } from './idempotency/keyed-writes.ts';
import { metadataOf, type RequestContext } from './ports.ts';

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

export type ApplyOptions = Pick<Run, 'requireProfileOwner'>;

/** Applies the writes of one request, in order for each user. Answers write by write, in the order given. */
export type ApplyWrites = (
  writes: readonly UserWrite[],
  context: RequestContext,
  options?: ApplyOptions,
) => Promise<readonly WriteOutcome[]>;

const MAX_RACES = 50;

/**
 * Resolves, decides and appends. What a request asks of one user is one append, in the user's lane; a lost race resolves
 * again and decides anew. Different users never wait for each other.
 */
export const createApplyWrites = (ports: AppendGroupsPorts): ApplyWrites => {
  const { directory, horizon, clock, store } = ports;
  const append = createAppendGroups(ports);
  const find = findTarget(ports);

  const remembered = (identifier: Identifier): Target | undefined =>
    identifier.kind === 'braze_id' || isContact(identifier) ? undefined : directory.remembered(identifier);

  /** Whom some writes go to, by their place in the request. */
  const targetsOf = async (
    indices: readonly number[],
    writes: readonly UserWrite[],
    context: RequestContext,
  ): Promise<readonly (Target | undefined)[]> => {
    const targets = new Array<Target | undefined>(writes.length);
    for (const index of indices) targets[index] = remembered(writes[index]!.identifier);
    const unknown = indices.filter((index) => targets[index] === undefined);
    if (unknown.length > 0)
      await Promise.all(
        identifiersOf(unknown, writes).map(async ({ identifier, create, indices: named }) => {
          const target = await find(identifier, create, context);
          for (const index of named) targets[index] = target;
        }),
      );
    return targets;
  };

  /** One attempt at some writes. Returns the indices of those that lost a race. */
  const attempt = async (
    indices: readonly number[],
    writes: readonly UserWrite[],
    outcomes: WriteOutcome[],
    context: RequestContext,
    run: Run,
    mayBeStored: boolean,
  ): Promise<number[]> => {
    const targets = await targetsOf(indices, writes, context);
    // Only after the users were found: what is not stored now cannot come before the revisions that they were found at.
    if (mayBeStored) await run.keyed?.look();
    const open = mayBeStored ? indices.filter((index) => !settled(index, outcomes, run)) : indices;
    const { groups, absent } = groupByUser(open, writes, (index) => targets[index]);
    for (const index of absent) outcomes[index] = { absent: true };
    const lost: number[] = [];
    const note = (group: UserGroup<Target>, result: Applied | Error): void => {
      if (result instanceof WrongExpectedRevision) {
        lost.push(...group.indices);
        return;
      }
      const outcome = result instanceof Error ? { failed: result } : { applied: result };
      for (const index of group.indices) outcomes[index] = outcome;
    };
    await append.all(groups, context, run, note);
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
    run: Run,
  ): Promise<void> => {
    let pending = segment;
    for (let race = 0; ; race++) {
      try {
        const mayBeStored = run.keyed !== undefined && (race > 0 || run.keyed.mayBeStored);
        pending = await attempt(pending, writes, outcomes, context, run, mayBeStored);
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
  const applyOne = async (write: UserWrite, context: RequestContext, run: Run): Promise<WriteOutcome> => {
    const { identifier, updateExistingOnly, commands } = write;
    for (let race = 0; ; race++) {
      try {
        const target = remembered(identifier) ?? (await find(identifier, !updateExistingOnly, context));
        if (!target) return { absent: true };
        return { applied: await append.one({ target, commands }, context, run) };
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

  const applyAll = async (
    writes: readonly UserWrite[],
    context: RequestContext,
    options: ApplyOptions,
  ): Promise<readonly WriteOutcome[]> => {
    const outcomes = new Array<WriteOutcome>(writes.length);
    const run: Run = context.request
      ? { ...options, keyed: keyedWrites(context.request, writes, metadataOf(context)) }
      : options;
    for (const segment of segmentsOf(writes)) await applySegment(segment, writes, outcomes, context, run);
    return outcomes;
  };

  return (writes, context, options = {}) =>
    writes.length === 1 && !context.request
      ? applyOne(writes[0]!, context, options).then((outcome) => [outcome])
      : applyAll(writes, context, options);
};

/** Takes note of a write that an earlier attempt at the request, or another one of now, has stored. */
const settled = (index: number, outcomes: WriteOutcome[], { keyed }: Run): boolean => {
  const applied = keyed?.applied(index);
  if (applied) outcomes[index] = { applied };
  return applied !== undefined;
};

/** The newest position that a request's writes left behind. */
export const positionOf = (outcomes: readonly WriteOutcome[]): Position | undefined => {
  let latest: Position | undefined;
  let last: Applied | undefined;
  for (const outcome of outcomes) {
    if (!('applied' in outcome) || outcome.applied === last) continue;
    last = outcome.applied;
    latest = laterPosition(latest, last.position);
  }
  return latest;
};
