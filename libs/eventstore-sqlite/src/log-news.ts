import {
  positionAt,
  type AppendedBatch,
  type LogNews,
  type Position,
  type RecordedEvent,
} from '@hearth/eventing';
import type { Committed } from './group-commit.ts';
import { recordedEvent } from './recorded-event.ts';

/** Who hears of commits: subscriptions get the events, others the new head. */
export interface LogNewsHub {
  readonly listen: (listener: (news: LogNews) => void) => () => void;
  readonly onHead: (listener: (head: Position) => void) => () => void;
  /** Tells the new head; the events are told with `tellEvents`. */
  readonly committed: (committed: Committed) => void;
  readonly tellEvents: () => void;
  readonly rewritten: () => void;
}

/** The events of a commit as a reader would get them from disk: from the same text, by the same function. */
const toBatch = (storeId: string, { before, head, appends, outcomes }: Committed): AppendedBatch => {
  const events: RecordedEvent[] = [];
  let bytes = 0;
  for (let nth = 0; nth < appends.length; nth += 1) {
    const { stream, events: appended } = appends[nth]!;
    const last = outcomes[nth]!;
    if (last instanceof Error || !last.isNew) continue;
    for (let index = 0; index < appended.length; index += 1) {
      const { id, type, data, metadata } = appended[index]!;
      const behind = appended.length - 1 - index;
      const [revision, position] = [last.revision - behind, last.offset - behind];
      events.push(recordedEvent(storeId, { stream, revision, position, id, type, data, metadata }));
      bytes += data.length + metadata.length + 500;
    }
  }
  return { after: positionAt(storeId, before), position: positionAt(storeId, head), events, bytes };
};

/** What a listener throws must not reach the appends, which are committed: it surfaces as an uncaught error instead. */
const tell = <News>(listeners: ReadonlySet<(news: News) => void>, news: News): void => {
  for (const listener of listeners)
    try {
      listener(news);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
};

export const logNews = (storeId: string): LogNewsHub => {
  const subscribers = new Set<(news: LogNews) => void>();
  const headListeners = new Set<(head: Position) => void>();
  const register = <Listener>(listeners: Set<Listener>, listener: Listener): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  /** Commits whose events subscribers have still to get. */
  let untold: Committed[] = [];
  const tellEvents = (): void => {
    const all = untold;
    untold = [];
    for (const committed of all) tell(subscribers, toBatch(storeId, committed));
  };
  return {
    listen: (listener) => {
      tellEvents();
      return register(subscribers, listener);
    },
    onHead: (listener) => register(headListeners, listener),
    committed: (committed) => {
      if (subscribers.size > 0) untold.push(committed);
      tell(headListeners, positionAt(storeId, committed.head));
    },
    tellEvents,
    rewritten: () => {
      tellEvents();
      tell(subscribers, 'rewritten');
    },
  };
};
