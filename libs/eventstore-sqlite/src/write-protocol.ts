import {
  AppendOutcomeUnknown,
  EventStoreError,
  EventStoreUnavailable,
  WrongExpectedRevision,
  type EventStoreErrorCode,
  type EncodedEvent,
  type ExpectedRevision,
} from '@hearth/eventing';
import type { Appended, EncodedAppend } from './log-writer.ts';

/** What the writer does behind the commits. */
export interface WriterPace {
  /**
   * How many events the index by stream falls behind before a batch of it is written (default 65,536). The larger, the fewer
   * pages are changed for each; it is also how many events are looked through at a start.
   */
  readonly indexBatch?: number;
  /** How many pages the write-ahead log gains before it is copied into the file (default 4,000 of 4 KB). */
  readonly checkpointPages?: number;
}

/** What the writing thread is started with. */
export interface WriterSettings extends WriterPace {
  readonly file: string;
  readonly maxBytes?: number;
}

/** What the writing thread is asked for; one answer each, in the order asked. */
export type WriteRequest =
  | { readonly kind: 'append'; readonly appends: PackedAppends }
  | { readonly kind: 'erase'; readonly stream: string; readonly before: number }
  /** Folds the write-ahead log in and empties it. */
  | { readonly kind: 'truncate' }
  | { readonly kind: 'close' };

/**
 * Appends as one flat list, which costs a thread border far less than objects: stream, expected revision, number of events,
 * and four texts for each event; in the place of metadata, null where it is that of the event before, and in the place of a type
 * that came before, its number among the types of the list. Each text is one of its own: slices of a common one would keep all
 * of it in memory for as long as one stream's name is remembered. The list is grown, and not made at its size: one that began
 * with holes crosses the border as pairs of places and values.
 */
export type PackedAppends = readonly (string | number | null)[];

/** What a group of appends led to: outcomes in order, and where the head was before and is now. */
export interface GroupOutcome {
  readonly before: number;
  readonly head: number;
  readonly outcomes: PackedOutcomes;
}

/** Outcomes as one flat list: revision, offset and 1 for a new append, or an error. */
export type PackedOutcomes = readonly (number | PackedError)[];

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

export const packAppends = (appends: readonly EncodedAppend[]): PackedAppends => {
  const values: (string | number | null)[] = [];
  const types = new Map<string, number>();
  let last: string | undefined;
  for (const { stream, events, expectedRevision } of appends) {
    values.push(stream, expectedRevision, events.length);
    for (const { id, type, data, metadata } of events) {
      const number = types.get(type);
      if (number === undefined) types.set(type, types.size);
      values.push(id, number ?? type, data, metadata === last ? null : metadata);
      last = metadata;
    }
  }
  return values;
};

export const unpackAppends = (values: PackedAppends): readonly EncodedAppend[] => {
  const appends: EncodedAppend[] = [];
  let at = 0;
  let metadata = '';
  const types: string[] = [];
  const text = (): string => values[at++] as string;
  const type = (): string => {
    const value = values[at++] as string | number;
    if (typeof value === 'number') return types[value]!;
    types.push(value);
    return value;
  };
  while (at < values.length) {
    const stream = text();
    const expectedRevision = values[at++] as ExpectedRevision;
    const events: EncodedEvent[] = [];
    for (let left = values[at++] as number; left > 0; left -= 1) {
      const [id, typeOfEvent, data] = [text(), type(), text()];
      metadata = (values[at++] as string | null) ?? metadata;
      events.push({ id, type: typeOfEvent, data, metadata });
    }
    appends.push({ stream, expectedRevision, events });
  }
  return appends;
};

export const packOutcomes = (outcomes: readonly (Appended | EventStoreError)[]): PackedOutcomes => {
  const values: (number | PackedError)[] = [];
  for (const outcome of outcomes)
    if (outcome instanceof EventStoreError) values.push(packError(outcome));
    else values.push(outcome.revision, outcome.offset, outcome.isNew ? 1 : 0);
  return values;
};

export const unpackOutcomes = (values: PackedOutcomes): readonly (Appended | EventStoreError)[] => {
  const outcomes: (Appended | EventStoreError)[] = [];
  for (let at = 0; at < values.length;) {
    const first = values[at++]!;
    if (typeof first === 'object') outcomes.push(unpackError(first));
    else outcomes.push({ revision: first, offset: values[at++] as number, isNew: values[at++] === 1 });
  }
  return outcomes;
};

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
