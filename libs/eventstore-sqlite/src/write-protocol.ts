import {
  AppendOutcomeUnknown,
  EventStoreError,
  EventStoreUnavailable,
  WrongExpectedRevision,
  type EventStoreErrorCode,
  type ExpectedRevision,
} from '@hearth/eventing';
import type { Appended, EncodedAppend } from './log-writer.ts';

/** What the writing thread is started with. */
export interface WriterSettings {
  readonly file: string;
  readonly maxBytes?: number;
}

/** What the writing thread is asked for; one answer each, in the order asked. */
export type WriteRequest =
  | { readonly kind: 'append'; readonly appends: readonly PackedAppend[] }
  | { readonly kind: 'erase'; readonly stream: string; readonly before: number }
  /** Folds the write-ahead log in and empties it. */
  | { readonly kind: 'truncate' }
  | { readonly kind: 'close' };

/** An append as one flat list, which costs a thread border far less than objects: each event is four texts. */
export interface PackedAppend {
  readonly stream: string;
  readonly expectedRevision: ExpectedRevision;
  readonly texts: readonly string[];
}

/** What a group of appends led to: outcomes in order, and where the head was before and is now. */
export interface GroupOutcome {
  readonly before: number;
  readonly head: number;
  readonly outcomes: readonly (Appended | PackedError)[];
}

export type WriteReply =
  { readonly group: GroupOutcome } | { readonly done: boolean } | { readonly failed: PackedError };

/** An error, taken apart so that it crosses a thread border with its class. */
export interface PackedError {
  readonly name: string;
  readonly code: EventStoreErrorCode;
  readonly message: string;
  readonly stream?: string;
  readonly expected?: ExpectedRevision;
  readonly actual?: number | 'no_stream';
}

const TEXTS_PER_EVENT = 4;

export const packAppend = ({ stream, events, expectedRevision }: EncodedAppend): PackedAppend => ({
  stream,
  expectedRevision,
  texts: events.flatMap(({ id, type, data, metadata }) => [id, type, data, metadata]),
});

export const unpackAppend = ({ stream, expectedRevision, texts }: PackedAppend): EncodedAppend => ({
  stream,
  expectedRevision,
  events: Array.from({ length: texts.length / TEXTS_PER_EVENT }, (_, index) => {
    const at = index * TEXTS_PER_EVENT;
    return { id: texts[at]!, type: texts[at + 1]!, data: texts[at + 2]!, metadata: texts[at + 3]! };
  }),
});

export const packError = (error: unknown): PackedError => {
  if (error instanceof WrongExpectedRevision) {
    const { name, code, message, stream, expected, actual } = error;
    return { name, code, message, stream, expected, actual };
  }
  if (error instanceof EventStoreError) return { name: error.name, code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return {
    name: 'EventStoreUnavailable',
    code: 'unavailable',
    message: `Writing to the log failed: ${message}`,
  };
};

export const unpackError = ({ code, message, stream, expected, actual }: PackedError): EventStoreError => {
  if (stream !== undefined && expected !== undefined && actual !== undefined)
    return new WrongExpectedRevision(stream, expected, actual);
  if (code === 'unavailable') return new EventStoreUnavailable(message);
  if (code === 'outcome_unknown') return new AppendOutcomeUnknown(message);
  return new EventStoreError(code, message);
};

export const isPackedError = (outcome: Appended | PackedError): outcome is PackedError => 'code' in outcome;
