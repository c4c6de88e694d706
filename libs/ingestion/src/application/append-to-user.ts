import { userStream, type BrazeId, type UserEvent } from '@hearth/contracts';
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
import { userDecider, type CreateUser, type UserCommand } from '@hearth/users';

import { AnswerLost } from './errors.ts';
import type { IdentityKeys } from './identity-keys.ts';
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
  readonly items: readonly AppendItem[];
  /** Takes note of what became of the items. Throws as `appendToUser`; a promise only where more has to be appended. */
  readonly conclude: (outcomes: readonly AppendOutcome[]) => Applied | Promise<Applied>;
}

export type PrepareAppend = (
  target: ExistingUser | NewUser,
  commands: readonly UserCommand[],
  metadata: EventMetadata,
  toEvent?: ToEvent,
) => UserAppend;

/**
 * Decides the commands of one request for one user and appends what follows, with the claim of a new user beside it.
 * Both are sent at once: a claim that is lost to another instance was lost to the same braze_id, so only the append to the
 * user's stream decides (docs/decisions/0002). Throws `WrongExpectedRevision` where the race was lost, with nothing
 * appended to the user; `AnswerLost` where only a part of an oversized request could be appended; the store's other errors
 * as they are.
 */
export const appendToUser = (ports: AppendPorts) => {
  const prepare = prepareAppends(ports);
  return async (...decision: Parameters<PrepareAppend>): Promise<Applied> => {
    const { items, conclude } = prepare(...decision);
    return conclude(await ports.store.appendMany(items));
  };
};

/** The same in two steps, so that the appends of many users can be sent as one list. */
export const prepareAppends = (ports: AppendPorts): PrepareAppend => {
  const { store, newId, directory, keys } = ports;
  const appendRest = appendParts(ports);

  return (target, commands, metadata, toEvent = (event) => ({ id: newId(), ...event, metadata })) => {
    const { brazeId } = target;
    const events = decide(target, commands, toEvent);
    const claim = target.claim && claimItem(keys, target.claim, brazeId, metadata);
    const expectedRevision = target.kind === 'existing' ? target.revision : 'no_stream';
    const itemOf = (part: readonly NewEvent[]): AppendItem => ({
      stream: userStream(brazeId),
      events: part,
      expectedRevision,
    });

    const itemsOf = (part: readonly NewEvent[]): readonly AppendItem[] =>
      claim ? [claim, itemOf(part)] : [itemOf(part)];

    const noted = (outcomes: readonly AppendOutcome[], last: AppendResult): Applied => {
      const [first] = outcomes;
      // Only of a new user is it certain that the claim was lost to itself: decision 2.
      const isOwn = target.kind === 'new' && first instanceof WrongExpectedRevision;
      const claimed = !claim || !(first instanceof Error) || isOwn;
      const identifier = target.kind === 'new' ? target.identifier : target.claim?.identifier;
      directory.appended(brazeId, last.revision, claimed ? identifier : undefined);
      return { brazeId, events, revision: last.revision, position: last.position };
    };
    const lastOf = (outcomes: readonly AppendOutcome[]): AppendResult => {
      const last = outcomes.at(-1)!;
      if (!(last instanceof Error)) return last;
      if (last instanceof WrongExpectedRevision) directory.forget(brazeId);
      throw last;
    };
    const inParts = async (): Promise<Applied> => {
      const [first, ...rest] = splitBySize(events);
      const outcomes = await store.appendMany(itemsOf(first!));
      return noted(outcomes, await appendRest(brazeId, rest, lastOf(outcomes)));
    };

    return {
      items: itemsOf(events),
      conclude: (outcomes) =>
        // Measuring costs more than trying: nearly every request fits.
        isTooLarge(outcomes.at(-1)!) && events.length > 1 ? inParts() : noted(outcomes, lastOf(outcomes)),
    };
  };
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
  const create: CreateUser[] =
    target.kind === 'new'
      ? [{ type: 'CreateUser', data: { braze_id: target.brazeId, identifier: target.identifier } }]
      : [];
  let user = target.kind === 'new' ? userDecider.initialState : ({ status: 'active' } as const);
  const decided: NewEvent[] = [];
  for (const command of [...create, ...commands]) {
    const events = userDecider.decide(command, user);
    if (isRejection(events)) throw new Error(`An active user refused ${command.type}: ${events.detail}`);
    events.forEach((event, nth) => {
      user = userDecider.evolve(user, event) as typeof user;
      const named = toEvent(event, command, nth);
      if (named) decided.push(named);
    });
  }
  return decided;
};

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
