import { partitionOf } from '@hearth/contracts';
import { laterPosition, type AppendItem, type AppendOutcome, type EventMetadata } from '@hearth/eventing';

import type { UserGroup } from '../domain/user-groups.ts';
import { userAppends, type Applied, type AppendPorts, type UserAppend } from './append-to-user.ts';
import { NotStored } from './errors.ts';
import type { Horizon } from './find-target.ts';
import type { KeyedWrites } from './idempotency/keyed-writes.ts';
import type { Lanes } from './lanes.ts';
import { metadataOf, type IngestionPorts, type RequestContext } from './ports.ts';
import type { ExistingUser, NewUser, UserDirectory } from './user-directory.ts';

export type Target = ExistingUser | NewUser;

/** All that one request asks of one user. */
export type Group = Pick<UserGroup<Target>, 'target' | 'commands'>;

/** What holds for all writes of one request. */
export interface Run {
  /** Refuses, before anything is appended, users whose profile nobody serves now. */
  readonly requireProfileOwner?: boolean;
  readonly keyed?: KeyedWrites | undefined;
}

export type AppendGroupsPorts = IngestionPorts &
  AppendPorts & { readonly horizon: Horizon; readonly inLane: Lanes };

/** Appends what a request asks of users, each in the user's lane. Throws, or tells, what `appendToUser` throws. */
export interface AppendGroups {
  /** To one user. */
  one(group: Group, context: RequestContext, run: Run): Promise<Applied>;
  /** To many. Those to whom nobody else is writing go as one list; `note` is told what became of each group. */
  all<G extends Group>(
    groups: readonly G[],
    context: RequestContext,
    run: Run,
    note: (group: G, result: Applied | Error) => void,
  ): Promise<unknown>;
}

export const createAppendGroups = (ports: AppendGroupsPorts): AppendGroups => {
  const { directory, owners, horizon, store, inLane } = ports;
  const { newEvents, prepare, conclude } = userAppends(ports);

  /** For all groups of one request. */
  const preparing = (metadata: EventMetadata, run: Run): ((group: Group) => UserAppend) => {
    const toEvent = run.keyed?.toEvent ?? newEvents(metadata);
    return ({ target, commands }) => {
      if (run.requireProfileOwner && owners.ownerOf(partitionOf(target.brazeId)) === undefined)
        throw new NotStored('The profile projection is away');
      return prepare(asLeft(directory, target), commands, metadata, toEvent);
    };
  };
  const applied = (result: Applied): Applied => {
    horizon.position = laterPosition(horizon.position, result.position);
    return result;
  };

  const one: AppendGroups['one'] = (group, context, run) =>
    inLane(group.target.brazeId, async () => {
      const append = preparing(metadataOf(context), run)(group);
      return applied(await conclude(append, await store.appendMany(append.items)));
    });

  const together = <G extends Group>(
    groups: readonly G[],
    context: RequestContext,
    run: Run,
    note: (group: G, result: Applied | Error) => void,
  ): Promise<void> =>
    inLane.inFree(
      groups.map(({ target }) => target.brazeId),
      async () => {
        const toAppend = preparing(metadataOf(context), run);
        const appends: { readonly group: G; readonly append: UserAppend }[] = [];
        const items: AppendItem[] = [];
        for (const group of groups)
          try {
            const append = toAppend(group);
            appends.push({ group, append });
            items.push(...append.items);
          } catch (error) {
            note(group, error as Error);
          }
        let outcomes: readonly AppendOutcome[];
        try {
          outcomes = await store.appendMany(items);
        } catch (error) {
          for (const { group } of appends) note(group, error as Error);
          return;
        }
        let at = 0;
        for (const { group, append } of appends)
          try {
            const result = conclude(append, outcomes.slice(at, (at += append.items.length)));
            note(group, applied(result instanceof Promise ? await result : result));
          } catch (error) {
            note(group, error as Error);
          }
      },
    );

  return {
    one,
    all: <G extends Group>(
      groups: readonly G[],
      context: RequestContext,
      run: Run,
      note: (group: G, result: Applied | Error) => void,
    ) => {
      const [free, busy]: [G[], G[]] = [[], []];
      for (const group of groups) (inLane.isFree(group.target.brazeId) ? free : busy).push(group);
      // Who is being written to keeps nobody else waiting.
      return Promise.all([
        free.length > 0 && together(free, context, run, note),
        ...busy.map((group) =>
          one(group, context, run).then(
            (result) => note(group, result),
            (error: unknown) => note(group, error as Error),
          ),
        ),
      ]);
    },
  };
};

/** The target as the lane's last append left it, unless it was found under an older knowledge of the user. */
const asLeft = (directory: UserDirectory, target: Target): Target => {
  // What is known of a user moves on by itself.
  if (target.kind === 'existing') return target;
  const current = directory.current(target.brazeId);
  if (!current) return target;
  const { kind, brazeId, revision } = current;
  const { identifier, claim } = target;
  return directory.remembered(identifier) ?? (claim ? { kind, brazeId, revision, claim } : current);
};
