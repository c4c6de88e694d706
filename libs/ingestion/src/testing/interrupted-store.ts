import type { EventStore } from '@hearth/eventing';

/** A store as a process sees it that is held up before its `nth` write (from 0), until something else was done. */
export interface InterruptedStore {
  readonly store: EventStore;
  /** Whether the process came so far. */
  readonly wasInterrupted: () => boolean;
}

export const interruptedBefore = (
  store: EventStore,
  nth: number,
  interrupt: () => Promise<unknown>,
): InterruptedStore => {
  let writes = 0;
  let interrupted = false;
  const write = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (writes++ === nth) {
      interrupted = true;
      await interrupt();
    }
    return work();
  };
  const held: Pick<EventStore, 'append' | 'appendMany' | 'eraseBefore'> = {
    append: (...args) => write(() => store.append(...args)),
    appendMany: (...args) => write(() => store.appendMany(...args)),
    eraseBefore: (...args) => write(() => store.eraseBefore(...args)),
  };
  return {
    store: Object.assign(Object.create(store) as EventStore, held),
    wasInterrupted: () => interrupted,
  };
};
