import type { EventFilter, EventStore } from '@hearth/eventing';
import type { Applier } from './apply-events.ts';
import type { LogProgress } from './log-progress.ts';

export interface ReadRestPorts {
  readonly store: Pick<EventStore, 'readAll'>;
  readonly filter: EventFilter;
  readonly applier: Applier;
  readonly progress: LogProgress;
  /** Called between pages, with the number of events in the page; may hold up the reading. */
  readonly afterPage?: (events: number) => Promise<void> | void;
  readonly signal?: AbortSignal;
}

/** Small enough for a page to be garbage before the collector looks for what stays. */
const PAGE = 500;

/** Applies the log from where it is applied to its head, page by page. True when the head was reached. */
export const readRest = async ({
  store,
  filter,
  applier,
  progress,
  afterPage,
  signal,
}: ReadRestPorts): Promise<boolean> => {
  let from = progress.applied;
  while (!signal?.aborted) {
    const page = await store.readAll({ ...(from !== undefined && { from }), filter, limit: PAGE });
    const waiting: Promise<void>[] = [];
    for (let at = 0; at < page.events.length;) at += applier.applyNext(page.events, at, waiting);
    if (waiting.length > 0) await Promise.all(waiting);
    progress.advanceTo(page.position);
    await afterPage?.(page.events.length);
    if (page.headReached) return true;
    from = page.position;
  }
  return false;
};
