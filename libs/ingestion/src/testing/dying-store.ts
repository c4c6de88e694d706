import type { AppendOutcome, EventStore } from '@hearth/eventing';

const never = <Result>(): Promise<Result> => new Promise<Result>(() => undefined);

/**
 * The store as a process sees it that dies at its `nth` append (from 0): `before` it reached the log, or `after`, so that
 * only its answer is lost. Nothing that it asks for later comes back. `died` tells whether it came that far.
 */
export const dyingStore = (
  store: EventStore,
  nth: number,
  when: 'before' | 'after',
): { readonly store: EventStore; died(): boolean; readonly death: Promise<void> } => {
  let appends = 0;
  let dead = false;
  const death = Promise.withResolvers<void>();
  const die = <Result>(): Promise<Result> => {
    dead = true;
    death.resolve();
    return never<Result>();
  };
  const one = async (item: Parameters<EventStore['appendMany']>[0][number]): Promise<AppendOutcome> => {
    if (dead) return never();
    const isLast = appends++ === nth;
    if (isLast && when === 'before') return die();
    const [outcome] = await store.appendMany([item]);
    return isLast ? die() : outcome!;
  };
  const dying: EventStore = Object.assign(Object.create(store) as EventStore, {
    async append(...[stream, events, { expectedRevision }]: Parameters<EventStore['append']>) {
      const outcome = await one({ stream, events, expectedRevision });
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    async appendMany(items: Parameters<EventStore['appendMany']>[0]) {
      const outcomes: AppendOutcome[] = [];
      for (const item of items) outcomes.push(await one(item));
      return outcomes;
    },
  });
  return { store: dying, died: () => dead, death: death.promise };
};
