import {
  EventStoreUnavailable,
  type LogPage,
  type Position,
  type SubscribeOptions,
  type SubscriptionRun,
} from '@hearth/eventing';
import type { Erasures } from './erasures.ts';
import { liveEvents } from './live-events.ts';
import type { LogPages } from './log-page.ts';
import { offsetOf, toPosition } from './log-position.ts';
import { toRecordedEvent } from './stored-event.ts';
import { STORE_STREAM } from './reserved-stream.ts';
import { backOff, pause } from './waiting.ts';

export interface SubscriptionContext {
  readonly storeId: string;
  readonly connectionString: string;
  readonly pages: LogPages;
  readonly erasures: Erasures;
  readonly bufferedEvents: number;
  /** Milliseconds without an event after which a live subscription looks at the log itself. */
  readonly idle: number;
}

/**
 * Follows the log: pages up to its head, then live, and back to pages whenever the live part ends. The position it has
 * got to is the only thing that carries over, so nothing is missed and nothing comes twice.
 *
 * While live, it looks at the log itself now and then: that moves its checkpoint over what the filter leaves out, says
 * that it has caught up, and finds a subscription that went silent.
 */
export async function* follow(
  { storeId, connectionString, pages, erasures, bufferedEvents, idle }: SubscriptionContext,
  { from, filter, eventsOnly = false }: SubscribeOptions,
  ended: AbortSignal,
): AsyncGenerator<SubscriptionRun, void, undefined> {
  let position: Position | undefined = from;

  /** Asks again while the server is away; undefined once the subscription has ended. */
  const untilAnswered = async <Value>(ask: () => Promise<Value>): Promise<Value | undefined> => {
    for (let attempt = 1; !ended.aborted; attempt += 1) {
      try {
        return await ask();
      } catch (error) {
        if (ended.aborted) break;
        if (!(error instanceof EventStoreUnavailable)) throw error;
        await pause(backOff(attempt), ended);
      }
    }
    return undefined;
  };

  const pageOn = (): Promise<LogPage | undefined> =>
    untilAnswered(() =>
      pages.read({ ...(position === undefined ? {} : { from: position }), ...(filter ? { filter } : {}) }),
    );

  async function* handOut({
    events,
    position: reached,
    headReached,
  }: LogPage): AsyncGenerator<SubscriptionRun, void, undefined> {
    if (ended.aborted) return;
    position = reached;
    if (!eventsOnly || events.length > 0) yield { events, checkpoint: reached, caughtUp: headReached };
  }

  async function* catchUp(): AsyncGenerator<SubscriptionRun, void, undefined> {
    for (;;) {
      const page = await pageOn();
      if (!page) return;
      yield* handOut(page);
      if (page.headReached || ended.aborted) return;
    }
  }

  /** Live parts in a row that brought nothing: the server takes reads, but no subscription. */
  let fruitless = 0;

  /** Ends when the server dropped it, the buffer overflowed, or it was found silent. */
  async function* live(start: Position): AsyncGenerator<SubscriptionRun, void, undefined> {
    let arrived = offsetOf(start);
    const events = liveEvents({
      connectionString,
      from: arrived,
      filter,
      capacity: bufferedEvents,
      arrives: (event) => {
        arrived = event.position!.commit;
        fruitless = 0;
        if (event.streamId !== STORE_STREAM) return true;
        erasures.take(event);
        return false;
      },
    });
    try {
      let wait = Math.min(100, idle);
      let silent = 0;
      for (;;) {
        const taken = await events.take(wait, ended);
        if (taken === 'over') return;
        if (taken !== 'idle') {
          wait = Math.min(100, idle);
          const { item } = taken;
          const at = toPosition(storeId, item.position!);
          if (at <= position! || !erasures.shows(item)) continue;
          position = at;
          yield { events: [toRecordedEvent(storeId, item)], checkpoint: at, caughtUp: false };
          continue;
        }
        wait = Math.min(idle, wait * 2);
        const page = await pageOn();
        if (!page) return;
        const last = page.events.at(-1);
        silent = last && offsetOf(last.position) > arrived ? silent + 1 : 0;
        if (page.events.length > 0 || page.position !== position) yield* handOut(page);
        if (ended.aborted || silent > 1) return;
      }
    } finally {
      events.close();
    }
  }

  await untilAnswered(() => pages.check(from));
  while (!ended.aborted) {
    if (fruitless > 0) await pause(backOff(fruitless, 50), ended);
    yield* catchUp();
    fruitless += 1;
    if (!ended.aborted) yield* live(position!);
  }
}
