/** Runs tasks of one key one after the other, in the order they came; tasks of different keys do not wait for each other. */
export interface Lanes {
  <Result>(key: string, task: () => Promise<Result>): Promise<Result>;
  /** Whether a task of this key would run at once. */
  isFree(key: string): boolean;
  /** Runs one task in the lanes of several keys, once it is its turn in all of them. */
  together<Result>(keys: readonly string[], task: () => Promise<Result>): Promise<Result>;
}

/** Makes a set of lanes. A lane exists only while something waits in it; a failing task does not hold up the next. */
export const createLanes = (): Lanes => {
  const tails = new Map<string, Promise<unknown>>();

  const inLane = <Result>(key: string, task: () => Promise<Result>): Promise<Result> => {
    const before = tails.get(key);
    const result = before === undefined ? task() : before.then(task, task);
    tails.set(key, result);
    const leave = (): void => {
      if (tails.get(key) === result) tails.delete(key);
    };
    result.then(leave, leave);
    return result;
  };
  // A place in every lane is taken at one moment, so no two tasks can wait for each other.
  const together = <Result>(keys: readonly string[], task: () => Promise<Result>): Promise<Result> => {
    const before = keys.flatMap((key) => tails.get(key) ?? []);
    const result = before.length === 0 ? task() : Promise.allSettled(before).then(task);
    for (const key of keys) tails.set(key, result);
    const leave = (): void => {
      for (const key of keys) if (tails.get(key) === result) tails.delete(key);
    };
    result.then(leave, leave);
    return result;
  };
  return Object.assign(inLane, { isFree: (key: string) => !tails.has(key), together });
};
