import type { EventStoreError, ExpectedRevision } from './errors.ts';
import type { NewEvent, RecordedEvent } from './event.ts';
import type { Position } from './position.ts';

/** One append may carry at most this many bytes of events, as JSON in UTF-8, in every adapter. */
export const MAX_APPEND_BYTES = 900_000;

/** One append: one request's events for one stream. It is stored whole or not at all. */
export interface AppendItem {
  readonly stream: string;
  readonly events: readonly NewEvent[];
  readonly expectedRevision: ExpectedRevision;
}

/** Where an append stands: the revision and position of its last event. */
export interface AppendResult {
  readonly revision: number;
  readonly position: Position;
}

/** The answer to one item of `appendMany`. */
export type AppendOutcome = AppendResult | EventStoreError;

/** A part of one stream. `lastRevision` is the stream's own, -1 where it does not exist. */
export interface StreamSlice {
  readonly events: readonly RecordedEvent[];
  readonly lastRevision: number;
  /** True when nothing lies behind the last event of this slice in the direction that was read. */
  readonly endOfStream: boolean;
}

/** Which events a reader wants: those of streams whose names start with any of the prefixes. */
export interface EventFilter {
  readonly streamPrefixes: readonly string[];
}

/** A page of the log. `position` is how far the log was looked through: the `from` of the next page. */
export interface LogPage {
  readonly events: readonly RecordedEvent[];
  readonly position: Position;
  /** True when the page reaches what was the head when it was read. */
  readonly headReached: boolean;
}

/** The next part of the log, as a subscription hands it out: a page of it, or what was appended together. */
export interface SubscriptionRun {
  /** Those that the filter lets through, in order; none where only the checkpoint moves on. */
  readonly events: readonly RecordedEvent[];
  /** How far the subscription has looked with this run, also over events that its filter leaves out. */
  readonly checkpoint: Position;
  /** True when everything that was stored when the run was made has been handed out with it. */
  readonly caughtUp: boolean;
}

export interface SubscribeOptions {
  /** Exclusive. Without it: from the beginning. */
  readonly from?: Position;
  readonly filter?: EventFilter;
  /**
   * Leaves out runs without events. Who does not need to know how far the subscription has looked is then not woken for
   * everything that its filter leaves out.
   */
  readonly eventsOnly?: boolean;
  /** Ends the subscription; the iteration then completes without an error. */
  readonly signal?: AbortSignal;
}

/** Whether calls can be expected to succeed now, as far as the adapter knows. */
export type Availability = 'available' | 'unavailable';

/**
 * The log: the only truth of a deployment. Every adapter keeps the same promises, held by `eventStoreContract`.
 *
 * - *Order*: revisions of a stream are gapless; positions of the log are strictly rising; every reader sees both in order.
 * - *Durability*: an append that resolved survives `kill -9` and power loss.
 * - *Idempotency*: an append whose event ids already stand at the revisions it asks for answers as the first one did,
 *   at any later time. With `any`, it is recognised wherever in the stream it stands. Part of an earlier append,
 *   or more than it, is a `WrongExpectedRevision`.
 * - *Erasure*: erased events are gone from every read at once; the last event of a stream always stays, so revisions go on.
 */
export interface EventStore {
  /** Eight hex digits made when the store was; part of every position. */
  readonly storeId: string;

  /** Appends one item. Throws `EventStoreError`s: see its codes. */
  append(
    stream: string,
    events: readonly NewEvent[],
    options: { expectedRevision: ExpectedRevision },
  ): Promise<AppendResult>;

  /** Appends many items, each on its own, in the order given. Answers item by item; never throws for one of them. */
  appendMany(items: readonly AppendItem[]): Promise<AppendOutcome[]>;

  /**
   * Reads one stream. `from` is exclusive: forwards, events after that revision (default -1); backwards, events before it
   * (default: from the end). A stream that does not exist is empty, with `lastRevision` -1.
   */
  readStream(
    stream: string,
    options?: { from?: number; direction?: 'forwards' | 'backwards'; limit?: number },
  ): Promise<StreamSlice>;

  /** Reads the log forwards from an exclusive position. `limit` bounds the events of the page (default 1,000). */
  readAll(options?: { from?: Position; filter?: EventFilter; limit?: number }): Promise<LogPage>;

  /**
   * Catch-up, then live, without gap or double. Run by run and in order; the adapter buffers, and pages again when
   * its buffer overflows or the server drops it. A failing connection is retried inside; only errors that no retry
   * mends (a wrong position, a store that was closed before) end the iteration by a throw. Closing the store completes
   * the running ones without an error.
   */
  subscribe(options?: SubscribeOptions): AsyncIterable<SubscriptionRun>;

  /** The position of the newest event; of the beginning where the store is empty. */
  head(): Promise<Position>;

  /** Erases the events of a stream before `revision` (exclusive), though never its last one. Repeating it is harmless. */
  eraseBefore(stream: string, revision: number): Promise<void>;

  readonly availability: Availability;

  /** Finishes what is in flight, ends subscriptions, releases files and connections. Later calls throw `store_closed`. */
  close(): Promise<void>;
}
