import { EventStoreError } from './errors.ts';
import type { EventFilter, EventStore, LogPage, SubscribeOptions, SubscriptionRun } from './event-store.ts';
import { streamMatcher } from './event-filter.ts';
import { defaultBufferLimits, liveBuffer, type AppendedBatch, type BufferLimits } from './live-buffer.ts';
import type { Position } from './position.ts';

/**
 * What a log says of itself while it is followed: the batch that was just committed; `grown` where the events are not
 * at hand; `rewritten` where some were erased, so that what is held in memory must not be handed out any more.
 */
export type LogNews = AppendedBatch | 'grown' | 'rewritten';

/** What an adapter gives, so that its log can be followed. */
export interface CatchUpSource {
  readonly readAll: EventStore['readAll'];
  /**
   * Calls back on news until the returned function is called. Batches come in order and soon after their commit.
   * Spurious `grown` is harmless; where news can get lost, the adapter calls with `grown` from time to time.
   */
  readonly onNews: (listener: (news: LogNews) => void) => () => void;
  /** Aborted when the store closes. */
  readonly closing: AbortSignal;
  /** Resolves when it is worth reading again after `failures` reads in a row found the store unavailable, or on abort. */
  readonly pauseBeforeRetry?: (failures: number, signal: AbortSignal) => Promise<void>;
  /** Events a page of the catch-up (default: that of `readAll`). */
  readonly pageSize?: number;
  readonly buffer?: Partial<BufferLimits>;
}

/** A flag that can be waited for; setting it while nobody waits is remembered. */
const wakeUp = (): { readonly set: () => void; readonly wait: () => Promise<void> } => {
  let isSet = false;
  let resolveWaiting: (() => void) | undefined;
  return {
    set: () => {
      isSet = true;
      resolveWaiting?.();
    },
    wait: async () => {
      if (!isSet) await new Promise<void>((resolve) => (resolveWaiting = resolve));
      resolveWaiting = undefined;
      isSet = false;
    },
  };
};

/**
 * `subscribe` over pages of `readAll` and news of the log. It reads pages until one reaches the head, then hands out
 * batches from memory for as long as each begins where the last one ended; on a gap, an overflow of the buffer or a
 * bare `grown` it reads pages again. The consumer sets the pace: nothing is read ahead of it but the buffer.
 */
export const catchUpSubscription = (
  source: CatchUpSource,
  { from, filter, eventsOnly = false, signal }: SubscribeOptions = {},
): AsyncIterable<SubscriptionRun> => ({
  [Symbol.asyncIterator]: () => {
    const ending = signal ? AbortSignal.any([signal, source.closing]) : source.closing;
    return follow(source, { from, filter, eventsOnly, isOver: signal?.aborted === true, ending });
  },
});

interface Following {
  readonly from: Position | undefined;
  readonly filter: EventFilter | undefined;
  readonly eventsOnly: boolean;
  /** It was ended before it began. */
  readonly isOver: boolean;
  /** Aborted when the subscription or the store ends. */
  readonly ending: AbortSignal;
}

/** The next run is looked for when the consumer is through with one. */
async function* follow(
  source: CatchUpSource,
  { from, filter, eventsOnly, isOver, ending }: Following,
): AsyncGenerator<SubscriptionRun, undefined, void> {
  if (isOver) return undefined;
  if (source.closing.aborted) throw new EventStoreError('store_closed', 'The event store is closed');
  const buffer = liveBuffer(streamMatcher(filter), { ...defaultBufferLimits, ...source.buffer });
  const news = wakeUp();
  ending.addEventListener('abort', news.set);
  const stopListening = source.onNews((item) => {
    if (typeof item === 'string') buffer.invalidate();
    else if (!buffer.push(item) && eventsOnly) return;
    news.set();
  });
  try {
    let at = from;
    while (!ending.aborted) {
      buffer.reset();
      const page = await readPage(source, ending, {
        ...(at !== undefined && { from: at }),
        ...(filter && { filter }),
        ...(source.pageSize !== undefined && { limit: source.pageSize }),
      });
      if (!page) return undefined;
      at = page.position;
      if (!eventsOnly || page.events.length > 0)
        yield { events: page.events, checkpoint: at, caughtUp: page.headReached };
      let isLive = page.headReached;
      while (isLive && !ending.aborted) {
        const next = buffer.take(at);
        if (next === 'stale') isLive = false;
        else if (next === undefined) await news.wait();
        else {
          at = next.position;
          if (!eventsOnly || next.events.length > 0)
            yield { events: next.events, checkpoint: at, caughtUp: buffer.isEmpty };
        }
      }
    }
    return undefined;
  } finally {
    stopListening();
    ending.removeEventListener('abort', news.set);
  }
}

/** Reads a page, again and again while the store is away; undefined where the subscription ends meanwhile. */
const readPage = async (
  source: CatchUpSource,
  ending: AbortSignal,
  options: Parameters<EventStore['readAll']>[0],
): Promise<LogPage | undefined> => {
  for (let failures = 1; !ending.aborted; failures += 1) {
    try {
      const page = await source.readAll(options);
      return ending.aborted ? undefined : page;
    } catch (error) {
      if (ending.aborted) return undefined;
      const isAway = error instanceof EventStoreError && error.code === 'unavailable';
      if (!isAway || !source.pauseBeforeRetry) throw error;
      await source.pauseBeforeRetry(failures, ending);
    }
  }
  return undefined;
};
