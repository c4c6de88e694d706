import { EventStoreError, type AppendItem, type AppendOutcome, type Position } from '@hearth/eventing';
import type { SqliteEventStore } from '@hearth/eventstore-sqlite';
import type { Messaging } from '@hearth/messaging';
import {
  APPEND,
  APPENDED,
  ERASE,
  GATHER_MS,
  HELLO,
  isAppendItem,
  isEraseRequest,
  refusalOf,
  type Appended,
  type AppendReply,
  type Hello,
  type Refusal,
} from './wire.ts';

/** The log process's half while it serves. */
export interface ServedEventStore {
  /** Takes no more appends and resolves when those in flight are answered. The store and the messaging stay open. */
  stop(): Promise<void>;
}

/**
 * Lets other processes write to a log that this one has open: appends of all of them are committed in groups, each is
 * answered on its own, and commits are announced. They read the file themselves.
 */
export const serveEventStore = (store: SqliteEventStore, messaging: Messaging): ServedEventStore => {
  let newest: Position | undefined;
  let pause: NodeJS.Timeout | undefined;
  const tellNewest = () => {
    if (newest !== undefined) messaging.publish(APPENDED, { head: newest } satisfies Appended);
    newest = undefined;
  };
  const afterPause = () => {
    pause = newest === undefined ? undefined : setTimeout(afterPause, GATHER_MS);
    tellNewest();
  };
  /** The first commit in a while is announced at once, and then the newest of those that follow it, until there is none. */
  const announce = (head: Position) => {
    if (newest === undefined || head > newest) newest = head;
    if (!pause) afterPause();
  };

  const append = async (payload: unknown): Promise<AppendReply[]> => {
    if (!Array.isArray(payload)) throw malformed('a list of appends');
    const asked: readonly unknown[] = payload;
    const outcomes = await store.appendMany(asked.filter(isAppendItem) satisfies AppendItem[]);
    let next = 0;
    return asked.map((item) => replyOf(isAppendItem(item) ? outcomes[next++]! : malformed('an append')));
  };

  const erase = async (payload: unknown): Promise<{ readonly done: true } | Refusal> => {
    if (!isEraseRequest(payload)) return refusalOf(malformed('an erasure'));
    try {
      await store.eraseBefore(payload.stream, payload.revision);
      return { done: true };
    } catch (error) {
      if (error instanceof EventStoreError) return refusalOf(error);
      throw error;
    }
  };

  const hello = (): Hello => ({ storeId: store.storeId, file: store.file });

  const registrations = [
    messaging.respond(APPEND, append),
    messaging.respond(ERASE, erase),
    messaging.respond(HELLO, hello),
  ];
  const stopAnnouncing = store.onCommitted(announce);
  const announceHead = () => void store.head().then(announce, () => undefined);
  const stopWatching = messaging.onConnectionChange((connected) => {
    if (connected) announceHead();
  });
  announceHead();

  return {
    stop: async () => {
      stopWatching();
      await Promise.all(registrations.map((registration) => registration.stop()));
      stopAnnouncing();
      clearTimeout(pause);
      tellNewest();
    },
  };
};

const replyOf = (outcome: AppendOutcome): AppendReply =>
  outcome instanceof EventStoreError ? refusalOf(outcome) : outcome;

const malformed = (what: string) =>
  new EventStoreError('invalid_append', `The message to the event store is not ${what}`);
