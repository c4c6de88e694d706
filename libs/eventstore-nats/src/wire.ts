import {
  EventStoreError,
  EventStoreUnavailable,
  parsePosition,
  WrongExpectedRevision,
  type AppendItem,
  type AppendOutcome,
  type EncodedEvent,
  type EventStoreErrorCode,
} from '@hearth/eventing';
import { EncodedJson } from '@hearth/messaging';

/** A list of append items in, a list of `AppendReply` of the same length and order out. */
export const APPEND = 'eventstore.append';
/** `EraseRequest` in, `Done` or `Refusal` out. */
export const ERASE = 'eventstore.erase';
/** Nothing in, `Hello` out: whoever answers has the log open for writing. */
export const HELLO = 'eventstore.hello';
/** Carries `Appended`: after commits, the newest of those that follow one another within `GATHER_MS`, and once at the start. */
export const APPENDED = 'eventstore.appended';

/**
 * Commits come by the hundred a second, and a follower reads the file at each word of them: what comes within this many
 * milliseconds of the last word is told of together. Nobody who waits for an answer waits for this.
 */
export const GATHER_MS = 10;

export interface Appended {
  readonly head: string;
}

export interface Hello {
  readonly storeId: string;
  readonly file: string;
}

export interface EraseRequest {
  readonly stream: string;
  readonly revision: number;
}

/** An error of the store, as it travels. `actual` only with `wrong_expected_revision`. */
export interface Refusal {
  readonly refused: {
    readonly code: EventStoreErrorCode;
    readonly message: string;
    readonly actual?: number | 'no_stream';
  };
}

export type AppendReply = { readonly revision: number; readonly position: string } | Refusal;

/** Composes the message of an append from texts that exist already: the events are encoded once. */
export const appendMessage = (
  { stream, expectedRevision }: AppendItem,
  events: readonly EncodedEvent[],
): EncodedJson => {
  const list = events.map(
    ({ id, type, data, metadata }) =>
      `{"id":"${id}","type":${JSON.stringify(type)},"data":${data},"metadata":${metadata}}`,
  );
  const head = `"stream":${JSON.stringify(stream)},"expectedRevision":${JSON.stringify(expectedRevision)}`;
  return new EncodedJson(`{${head},"events":[${list.join(',')}]}`);
};

/**
 * Whether a part of a message has the outer shape of an append; the store checks the rest. What comes from outside may be
 * anything.
 */
export const isAppendItem = (value: unknown): value is AppendItem =>
  typeof value === 'object' &&
  value !== null &&
  'stream' in value &&
  typeof value.stream === 'string' &&
  'expectedRevision' in value &&
  'events' in value &&
  Array.isArray(value.events) &&
  value.events.every(
    (event: unknown) =>
      typeof event === 'object' &&
      event !== null &&
      'id' in event &&
      typeof event.id === 'string' &&
      'type' in event &&
      typeof event.type === 'string',
  );

export const isEraseRequest = (value: unknown): value is EraseRequest =>
  typeof value === 'object' &&
  value !== null &&
  'stream' in value &&
  typeof value.stream === 'string' &&
  'revision' in value &&
  Number.isSafeInteger(value.revision);

export const refusalOf = (error: EventStoreError): Refusal => ({
  refused: {
    code: error.code,
    message: error.message,
    ...(error instanceof WrongExpectedRevision && { actual: error.actual }),
  },
});

/** What a reply says, in the port's terms. */
export const outcomeOf = (reply: AppendReply, { stream, expectedRevision }: AppendItem): AppendOutcome => {
  if (!('refused' in reply))
    return { revision: reply.revision, position: parsePosition(reply.position).position };
  const { code, actual } = reply.refused;
  if (code === 'wrong_expected_revision' && actual !== undefined)
    return new WrongExpectedRevision(stream, expectedRevision, actual);
  return errorOf(reply);
};

export const errorOf = ({ refused: { code, message } }: Refusal): EventStoreError =>
  code === 'unavailable' ? new EventStoreUnavailable(message) : new EventStoreError(code, message);
