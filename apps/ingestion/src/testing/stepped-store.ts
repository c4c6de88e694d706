import type { EventStore } from '@hearth/eventing';

/** A store whose calls are let through one at a time, in an order that a test chooses. */
export interface SteppedStore {
  readonly store: EventStore;
  /** Lets calls through until the work that they belong to is done. `choose` picks one of so many that wait. */
  drive<Result>(work: Promise<Result>, choose: (waiting: number) => number): Promise<Result>;
}

const METHODS = ['append', 'appendMany', 'readStream', 'readAll', 'head', 'eraseBefore'] as const;

/** Turns of the event loop after which nothing moves any more that waits for no call. */
const TURNS = 3;

/** Rounds without a call after which the work is taken to wait for itself. */
const MOST_IDLE = 100;

export const steppedStore = (store: EventStore): SteppedStore => {
  const waiting: (() => Promise<void>)[] = [];
  const stepped = Object.create(store) as EventStore;
  for (const method of METHODS) {
    const call = (store[method] as (...parameters: readonly unknown[]) => Promise<unknown>).bind(store);
    const held = (...parameters: readonly unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => waiting.push(() => call(...parameters).then(resolve, reject)));
    Object.assign(stepped, { [method]: held });
  }
  return {
    store: stepped,
    async drive(work, choose) {
      let isDone = false;
      let idle = 0;
      const noted = work.finally(() => (isDone = true));
      noted.catch(() => undefined);
      for (;;) {
        for (let turn = 0; turn < TURNS; turn++) await new Promise(setImmediate);
        if (isDone) return noted;
        if (waiting.length === 0) {
          if (++idle > MOST_IDLE)
            throw new Error('The work waits for something that is no call of the store');
          continue;
        }
        idle = 0;
        await waiting.splice(choose(waiting.length), 1)[0]!();
      }
    },
  };
};
