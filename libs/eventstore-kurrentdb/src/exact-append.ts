import type { EventData } from '@kurrent/kurrentdb-client';
import {
  AppendOutcomeUnknown,
  EventStoreUnavailable,
  WrongExpectedRevision,
  type EventStoreError,
} from '@hearth/eventing';
import { failureOf, messageOf, type ClientFailure } from './client-failure.ts';
import type { Connection } from './connection.ts';
import type { Reading } from './reading.ts';
import { readLast } from './stream-slice.ts';
import { backOff, pause } from './waiting.ts';

/** What the server can be told to expect so that a repeat of an append is recognised at any later time. */
export type ExactRevision = number | 'no_stream';

/** Where the last event of an append stands. */
export interface Appended {
  readonly revision: number;
  readonly offset: bigint;
}

export interface ExactAppends {
  /**
   * Appends at an exact revision, and settles what a failure leaves open by sending the same again, until the patience
   * ends. Throws `WrongExpectedRevision` and the other refusals, `EventStoreUnavailable` where nothing was stored, and
   * `AppendOutcomeUnknown` where it may have been.
   */
  append(stream: string, events: readonly EventData[], expected: ExactRevision): Promise<Appended>;
}

/** `patience`: milliseconds after which no further try is made. */
export const exactAppends = (
  connection: Connection,
  reading: Reading,
  patience: number,
  now: () => number,
): ExactAppends => {
  /** Undefined for a repeat of events that were erased: the server knows them still, but names no position. */
  const send = (
    stream: string,
    events: readonly EventData[],
    expected: ExactRevision,
  ): Promise<Appended | undefined> =>
    connection.append(stream, async (client) => {
      const streamState = expected === 'no_stream' ? expected : BigInt(expected);
      const result = await client.appendToStream(stream, [...events], { streamState });
      return (
        result.position && {
          revision: Number(result.nextExpectedRevision),
          offset: result.position.commit,
        }
      );
    });

  /** A refusal is final unless the very same events stand at the revisions asked for. */
  const standing = async (
    stream: string,
    events: readonly EventData[],
    expected: ExactRevision,
    { actual }: WrongExpectedRevision,
  ): Promise<Appended | undefined> => {
    const first = expected === 'no_stream' ? 0 : expected + 1;
    if (actual === 'no_stream' || actual < first + events.length - 1) return undefined;
    const read = await reading.stream(stream, { from: first, limit: events.length });
    const same = read?.length === events.length && read.every(({ id }, index) => id === events[index]!.id);
    const last = same ? read.at(-1) : undefined;
    return last && { revision: Number(last.revision), offset: last.position!.commit };
  };

  return {
    append: async (stream, events, expected) => {
      const end = now() + patience;
      const knownAway = connection.availability === 'unavailable';
      let lost = false;
      for (let attempt = 1; ; attempt += 1) {
        try {
          const appended = await send(stream, events, expected);
          if (appended) return appended;
          throw new WrongExpectedRevision(stream, expected, await readLast(reading, stream));
        } catch (cause) {
          const failure = failureOf(cause, stream);
          if (failure.kind === 'refused')
            return await settled(failure.error, lost, (refusal) =>
              standing(stream, events, expected, refusal),
            );
          lost ||= failure.kind !== 'away';
          if (now() >= end || (knownAway && !lost)) throw givenUp(stream, lost, failure);
        }
        await pause(backOff(attempt, 50, 1_000));
      }
    },
  };
};

/** The place of what a refusal found standing; throws the refusal where that is something else. */
const settled = async (
  error: EventStoreError,
  lost: boolean,
  standing: (refusal: WrongExpectedRevision) => Promise<Appended | undefined>,
): Promise<Appended> => {
  if (!(error instanceof WrongExpectedRevision)) throw error;
  const stands = await standing(error).catch((cause: unknown) => {
    throw lost
      ? new AppendOutcomeUnknown(`${error.message}, and whether that is this append is not known`, { cause })
      : error;
  });
  if (stands) return stands;
  throw error;
};

const givenUp = (
  stream: string,
  lost: boolean,
  failure: Exclude<ClientFailure, { kind: 'refused' }>,
): EventStoreError => {
  const { cause } = failure;
  return lost
    ? new AppendOutcomeUnknown(
        `An append to ${stream} may or may not be stored (${messageOf(cause)}); send the same events again to know`,
        { cause },
      )
    : new EventStoreUnavailable(`KurrentDB took no append to ${stream}: ${messageOf(cause)}`, { cause });
};
