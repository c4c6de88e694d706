import {
  isCheckpoint,
  type EventStore,
  type RecordedEvent,
  type SubscribeOptions,
  type SubscriptionCheckpoint,
  type SubscriptionMessage,
} from '../index.ts';

/** A running subscription whose messages are kept, and which can be waited on. */
export interface Observer {
  readonly events: RecordedEvent[];
  readonly checkpoints: SubscriptionCheckpoint[];
  /** Resolves when `condition` holds after a message; rejects when the subscription ends before. */
  readonly until: (condition: (observer: Observer) => boolean) => Promise<void>;
  /** Resolves when the iteration is over; rejects with what it threw. */
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Follows a subscription in the background. */
export const observe = (store: EventStore, options: SubscribeOptions = {}): Observer => {
  const abort = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
  const waiting = new Set<() => void>();
  let over = false;
  const observer: Observer = {
    events: [],
    checkpoints: [],
    until: (condition) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (condition(observer)) resolve();
          else if (over) reject(new Error('The subscription ended before the condition held'));
          else return;
          waiting.delete(check);
        };
        waiting.add(check);
        check();
      }),
    ended: run(),
    stop: async () => {
      abort.abort();
      await observer.ended;
    },
  };
  observer.ended.catch(() => undefined);
  return observer;

  async function run(): Promise<void> {
    // One turn, so that `observer` is complete before the first message.
    await Promise.resolve();
    try {
      for await (const message of store.subscribe({ ...options, signal })) {
        if (isCheckpoint(message)) observer.checkpoints.push(message);
        else observer.events.push(message);
        for (const check of waiting) check();
      }
    } finally {
      over = true;
      for (const check of waiting) check();
    }
  }
};

/** Reads a subscription until `count` events came, then leaves it. */
export const takeEvents = async (
  messages: AsyncIterable<SubscriptionMessage>,
  count: number,
): Promise<RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for await (const message of messages) {
    if (!isCheckpoint(message)) events.push(message);
    if (events.length >= count) break;
  }
  return events;
};

/** Reads a subscription until it says that it has caught up; gives its events and that checkpoint. */
export const untilCaughtUp = async (
  messages: AsyncIterable<SubscriptionMessage>,
): Promise<{ events: RecordedEvent[]; checkpoint: SubscriptionCheckpoint }> => {
  const events: RecordedEvent[] = [];
  for await (const message of messages) {
    if (!isCheckpoint(message)) events.push(message);
    else if (message.caughtUp) return { events, checkpoint: message };
  }
  throw new Error('The subscription ended before it had caught up');
};
