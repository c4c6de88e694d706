import { userStream, type BrazeId, type ClaimableIdentifier, type UserEvent } from '@hearth/contracts';
import {
  EventStoreError,
  isRejection,
  MAX_APPEND_BYTES,
  WrongExpectedRevision,
  type AppendItem,
  type AppendOutcome,
  type AppendResult,
  type EventMetadata,
  type NewEvent,
  type Position,
} from '@hearth/eventing';
import { userDecider, type CreateUser, type User, type UserCommand } from '@hearth/users';

import { AnswerLost } from './errors.ts';
import type { IdentityKeys } from './identity-keys.ts';
import { KnownUser } from './known-user.ts';
import type { IngestionPorts } from './ports.ts';
import type { Claim, ExistingUser, NewUser, UserDirectory } from './user-directory.ts';

/** What one append to a user left behind. */
export interface Applied {
  readonly brazeId: BrazeId;
  /** The events of the user's stream, the last of them at `revision` and `position`. */
  readonly events: readonly NewEvent[];
  readonly revision: number;
  readonly position: Position;
}

/**
 * Gives what was decided its id and metadata; `nth` counts the events of one command. Undefined leaves it out: it is stored
 * already.
 */
export type ToEvent = (
  event: UserEvent,
  command: CreateUser | UserCommand,
  nth: number,
) => NewEvent | undefined;

export interface AppendPorts extends Pick<IngestionPorts, 'store' | 'newId'> {
  readonly directory: UserDirectory;
  readonly keys: IdentityKeys;
}

/** What one request asks of one user, decided and ready to be appended. */
export interface UserAppend {
  readonly target: ExistingUser | NewUser;
  /** Those of the user's stream. */
  readonly events: readonly NewEvent[];
  /** What is to be appended as one list: a claim that goes with the user's events stands before them. */
  readonly items: readonly AppendItem[];
}

/**
 * An append to a user in two steps, so that those to many users can be sent as one list. `conclude` takes note of what became
 * of the items; it throws as `appendToUser`, and answers with a promise only where more has to be appended.
 */
export interface UserAppends {
  /** For events that get a new id each. */
  readonly newEvents: (metadata: EventMetadata) => ToEvent;
  readonly prepare: (
    target: ExistingUser | NewUser,
    commands: readonly UserCommand[],
    metadata: EventMetadata,
    toEvent: ToEvent,
  ) => UserAppend;
  readonly conclude: (append: UserAppend, outcomes: readonly AppendOutcome[]) => Applied | Promise<Applied>;
}

/**
 * Decides the commands of one request for one user and appends what follows, with the claim of a new user beside it.
 * Both are sent at once: a claim that is lost to another instance was lost to the same braze_id, so only the append to the
 * user's stream decides (docs/decisions/0002). Throws `WrongExpectedRevision` where the race was lost, with nothing
 * appended to the user; `AnswerLost` where only a part of an oversized request could be appended; the store's other errors
 * as they are.
 */
export const appendToUser = (ports: AppendPorts) => {
  const { newEvents, prepare, conclude } = userAppends(ports);
  return async (
    target: ExistingUser | NewUser,
    commands: readonly UserCommand[],
    metadata: EventMetadata,
  ): Promise<Applied> => {
    const append = prepare(target, commands, metadata, newEvents(metadata));
    return conclude(append, await ports.store.appendMany(append.items));
  };
};

export const userAppends = (ports: AppendPorts): UserAppends => {
  const { store, newId, directory, keys } = ports;
  const appendRest = appendParts(ports);

  const itemOf = (target: ExistingUser | NewUser, events: readonly NewEvent[]): AppendItem => ({
    stream: target instanceof KnownUser ? target.stream : userStream(target.brazeId),
    events,
    expectedRevision: target.kind === 'existing' ? target.revision : 'no_stream',
  });

  const lastOf = ({ target }: UserAppend, outcomes: readonly AppendOutcome[]): AppendResult => {
    const last = outcomes.at(-1)!;
    if (!(last instanceof Error)) return last;
    if (last instanceof WrongExpectedRevision) directory.forget(target.brazeId, target);
    throw last;
  };

  const noted = (
    { target, events }: UserAppend,
    [first]: readonly AppendOutcome[],
    { revision, position }: AppendResult,
  ): Applied => {
    directory.appended(target, revision, claimedBy(target, first));
    return { brazeId: target.brazeId, events, revision, position };
  };

  const inParts = async (append: UserAppend): Promise<Applied> => {
    const { target, events, items } = append;
    const [first, ...rest] = splitBySize(events);
    const outcomes = await store.appendMany([...items.slice(0, -1), itemOf(target, first!)]);
    const applied = noted(append, outcomes, await appendRest(target.brazeId, rest, lastOf(append, outcomes)));
    // Others may have written in between, and changed what names the user.
    directory.forget(target.brazeId, target);
    return applied;
  };

  return {
    newEvents: (metadata) => (event) => toNewEvent(newId(), event, metadata),
    prepare: (target, commands, metadata, toEvent) => {
      const events = decide(target, commands, toEvent);
      const item = itemOf(target, events);
      const items = target.claim ? [claimItem(keys, target.claim, target.brazeId, metadata), item] : [item];
      return { target, events, items };
    },
    conclude: (append, outcomes) =>
      // Measuring costs more than trying: nearly every request fits.
      isTooLarge(outcomes.at(-1)!) && append.events.length > 1
        ? inParts(append)
        : noted(append, outcomes, lastOf(append, outcomes)),
  };
};

/** The event as one object made in one place: hot paths read all of them in the same way. */
const toNewEvent = (id: string, { type, data }: UserEvent, metadata: EventMetadata): NewEvent => ({
  id,
  type,
  data,
  metadata,
});

/** The identifier that names the user from now on; undefined where its claim was lost to somebody else. */
const claimedBy = (
  target: ExistingUser | NewUser,
  first: AppendOutcome | undefined,
): ClaimableIdentifier | undefined => {
  if (target.kind === 'existing')
    return target.claim && !(first instanceof Error) ? target.claim.identifier : undefined;
  // Only of a new user is it certain that the claim was lost to itself: decision 2.
  const isOwn = !target.claim || !(first instanceof Error) || first instanceof WrongExpectedRevision;
  return isOwn ? target.identifier : undefined;
};

/** Appends what is left of a request that is too large for one append; others may write in between. */
const appendParts =
  ({ store, directory }: AppendPorts) =>
  async (
    brazeId: BrazeId,
    parts: readonly (readonly NewEvent[])[],
    first: AppendResult,
  ): Promise<AppendResult> => {
    let last = first;
    for (let at = 0; at < parts.length;) {
      try {
        last = await store.append(userStream(brazeId), parts[at]!, { expectedRevision: last.revision });
        at++;
      } catch (error) {
        const head = error instanceof WrongExpectedRevision ? await directory.headOf(brazeId) : undefined;
        if (head?.user.status !== 'active')
          throw new AnswerLost('Only a part of the request is stored', last.position, { cause: error });
        last = { ...last, revision: head.revision };
      }
    }
    return last;
  };

const decide = (
  target: ExistingUser | NewUser,
  commands: readonly UserCommand[],
  toEvent: ToEvent,
): readonly NewEvent[] => {
  // Nearly every request asks one thing of a user who is there.
  if (target.kind === 'existing' && commands.length === 1)
    return named(decidedBy(active, commands[0]!), commands[0]!, toEvent);
  let user: User = target.kind === 'new' ? userDecider.initialState : active;
  const taken: NewEvent[] = [];
  const take = (command: CreateUser | UserCommand): void => {
    const events = decidedBy(user, command);
    for (let nth = 0; nth < events.length; nth += 1) {
      user = userDecider.evolve(user, events[nth]!);
      const event = toEvent(events[nth]!, command, nth);
      if (event) taken.push(event);
    }
  };
  if (target.kind === 'new') {
    const { brazeId, identifier } = target;
    take({ type: 'CreateUser', data: { braze_id: brazeId, identifier } });
  }
  for (const command of commands) take(command);
  return taken;
};

const decidedBy = (user: User, command: CreateUser | UserCommand): readonly UserEvent[] => {
  const events = userDecider.decide(command, user);
  if (isRejection(events)) throw new Error(`An active user refused ${command.type}: ${events.detail}`);
  return events;
};

const named = (
  events: readonly UserEvent[],
  command: CreateUser | UserCommand,
  toEvent: ToEvent,
): readonly NewEvent[] => {
  // Nearly every command leads to one event: no list grows for it.
  if (events.length === 1) {
    const event = toEvent(events[0]!, command, 0);
    return event ? [event] : [];
  }
  return events.flatMap((event, nth) => toEvent(event, command, nth) ?? []);
};

const active: User = { status: 'active' };

const claimItem = (
  keys: IdentityKeys,
  { identifier, after }: Claim,
  brazeId: BrazeId,
  metadata: EventMetadata,
): AppendItem => ({
  stream: keys.streamOf(identifier),
  events: [
    {
      id: keys.claimIdOf(identifier, after + 1),
      type: 'IdentifierClaimed',
      data: { braze_id: brazeId },
      metadata,
    },
  ],
  expectedRevision: after === -1 ? 'no_stream' : after,
});

const isTooLarge = (outcome: AppendOutcome): boolean =>
  outcome instanceof EventStoreError && outcome.code === 'append_too_large';

/** What an event may take beside its own data once stored, in bytes. */
const ENVELOPE_BYTES = 600;

/** Cuts a request's events into parts that one append can carry. */
const splitBySize = (events: readonly NewEvent[]): readonly (readonly NewEvent[])[] => {
  const parts: NewEvent[][] = [[]];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event.data)) + ENVELOPE_BYTES;
    if (bytes + size > MAX_APPEND_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)!.push(event);
    bytes += size;
  }
  return parts;
};
