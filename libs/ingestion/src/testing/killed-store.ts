import { AppendOutcomeUnknown, EventStoreUnavailable, type EventStore } from '@hearth/eventing';

/** A store as a process sees it that dies: after so many writes, nothing of what it does comes through any more. */
export interface KilledStore {
  readonly store: EventStore;
  /** Whether the process came so far. */
  readonly isDead: () => boolean;
}

/** `answerLost`: the last write that comes through is stored, and the process dies before it learns of it. */
export const killedAfter = (
  store: EventStore,
  writes: number,
  { answerLost }: { readonly answerLost: boolean },
): KilledStore => {
  let done = 0;
  let dead = false;

  const write = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (dead || done >= writes) {
      dead = true;
      throw new EventStoreUnavailable('The process is dead');
    }
    done++;
    const result = await work();
    if (answerLost && done === writes) {
      dead = true;
      throw new AppendOutcomeUnknown('The process died before it heard');
    }
    return result;
  };

  return {
    isDead: () => dead,
    store: {
      storeId: store.storeId,
      append: (...args) => write(() => store.append(...args)),
      appendMany: (...args) => write(() => store.appendMany(...args)),
      eraseBefore: (...args) => write(() => store.eraseBefore(...args)),
      readStream: (...args) => store.readStream(...args),
      readAll: (...args) => store.readAll(...args),
      subscribe: (...args) => store.subscribe(...args),
      head: () => store.head(),
      get availability() {
        return store.availability;
      },
      close: () => store.close(),
    },
  };
};
