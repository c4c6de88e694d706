import {
  type EventStore,
  type RecordedEvent,
  type SubscribeOptions,
  type SubscriptionRun,
} from '../index.ts';

/** A running subscription whose runs are kept, and which can be waited on. */
export interface Observer {
  readonly events: RecordedEvent[];
  readonly checkpoints: Omit<SubscriptionRun, 'events'>[];
  /** Resolves when `condition` holds after a run; rejects when the subscription ends before. */
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
    // One turn, so that `observer` is complete before the first run.
    await Promise.resolve();
    try {
      for await (const { events, ...checkpoint } of store.subscribe({ ...options, signal })) {
        observer.events.push(...events);
        observer.checkpoints.push(checkpoint);
        for (const check of waiting) check();
      }
    } finally {
      over = true;
      for (const check of waiting) check();
    }
  }
};

/** Reads a subscription until `count` events came, then leaves it; more may come with the last of them. */
export const takeEvents = async (
  runs: AsyncIterable<SubscriptionRun>,
  count: number,
): Promise<RecordedEvent[]> => {
  const taken: RecordedEvent[] = [];
  for await (const { events } of runs) {
    taken.push(...events);
    if (taken.length >= count) break;
  }
  return taken;
};

/** Reads a subscription until it says that it has caught up; gives its events and that checkpoint. */
export const untilCaughtUp = async (
  runs: AsyncIterable<SubscriptionRun>,
): Promise<{ events: RecordedEvent[]; checkpoint: SubscriptionRun['checkpoint'] }> => {
  const taken: RecordedEvent[] = [];
  for await (const { events, checkpoint, caughtUp } of runs) {
    taken.push(...events);
    if (caughtUp) return { events: taken, checkpoint };
  }
  throw new Error('The subscription ended before it had caught up');
};
