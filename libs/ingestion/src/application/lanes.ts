/** Runs tasks of one key one after the other, in the order they came; tasks of different keys do not wait for each other. */
export interface Lanes {
  <Result>(key: string, task: () => Promise<Result>): Promise<Result>;
  /** Whether a task of this key would run at once. */
  isFree(key: string): boolean;
  /** Runs one task in the lanes of several keys, once it is its turn in all of them. */
  together<Result>(keys: readonly string[], task: () => Promise<Result>): Promise<Result>;
}

/** The last task of some lanes; emptied when it ends, as it leaves their map (decision 21). */
interface Last {
  task: Promise<unknown> | undefined;
}

/** Makes a set of lanes. A lane exists only while something waits in it; a failing task does not hold up the next. */
export const createLanes = (): Lanes => {
  const lanes = new Map<string, Last>();

  const leave = (key: string, last: Last): void => {
    if (lanes.get(key) === last) lanes.delete(key);
  };

  const inLane = <Result>(key: string, task: () => Promise<Result>): Promise<Result> => {
    const before = lanes.get(key)?.task;
    const result = before === undefined ? task() : before.then(task, task);
    const last: Last = { task: result };
    lanes.set(key, last);
    const ended = (): void => {
      leave(key, last);
      last.task = undefined;
    };
    result.then(ended, ended);
    return result;
  };
  // A place in every lane is taken at one moment, so no two tasks can wait for each other.
  const together = <Result>(keys: readonly string[], task: () => Promise<Result>): Promise<Result> => {
    const before = new Set<Promise<unknown>>();
    for (const key of keys) {
      const earlier = lanes.get(key)?.task;
      if (earlier) before.add(earlier);
    }
    const result = before.size === 0 ? task() : Promise.allSettled(before).then(task);
    const last: Last = { task: result };
    for (const key of keys) lanes.set(key, last);
    const ended = (): void => {
      for (const key of keys) leave(key, last);
      last.task = undefined;
    };
    result.then(ended, ended);
    return result;
  };
  return Object.assign(inLane, { isFree: (key: string) => !lanes.has(key), together });
};
