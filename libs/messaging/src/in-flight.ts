/** Counts work under way, so that a drain can wait for it. */
export interface InFlight {
  /** Counts `work` until it has settled. It must not reject. */
  add(work: Promise<void>): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

export const inFlight = (): InFlight => {
  let count = 0;
  let waiting: (() => void)[] = [];
  const settled = () => {
    if (--count > 0) return;
    const wake = waiting;
    waiting = [];
    for (const resolve of wake) resolve();
  };
  return {
    add: (work) => {
      count++;
      void work.then(settled);
    },
    idle: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
};
