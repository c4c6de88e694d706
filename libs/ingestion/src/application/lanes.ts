/** Runs tasks of one key one after the other, in the order they came; tasks of different keys do not wait for each other. */
export interface Lanes {
  <Result>(key: string, task: () => Promise<Result>): Promise<Result>;
  /** Whether a task of this key would run at once. */
  isFree(key: string): boolean;
  /** Runs one task at once in several lanes, all of which are free. Those that come to any of them meanwhile wait for it. */
  inFree<Result>(keys: readonly string[], task: () => Promise<Result>): Promise<Result>;
}

/** The last task of some lanes; emptied when it ends, as it leaves their map (decision 21). */
interface Last {
  task: Promise<unknown> | undefined;
  /** Whether another task came behind it in one of the lanes, and is the last one there. */
  isFollowed: boolean;
}

/** Makes a set of lanes. A lane exists only while something waits in it; a failing task does not hold up the next. */
export const createLanes = (): Lanes => {
  const lanes = new Map<string, Last>();

  const leave = (key: string, last: Last): void => {
    if (!last.isFollowed || lanes.get(key) === last) lanes.delete(key);
  };

  const inLane = <Result>(key: string, task: () => Promise<Result>): Promise<Result> => {
    const before = lanes.get(key);
    if (before) before.isFollowed = true;
    const result = before?.task === undefined ? task() : before.task.then(task, task);
    const last: Last = { task: result, isFollowed: false };
    lanes.set(key, last);
    const ended = (): void => {
      leave(key, last);
      last.task = undefined;
    };
    result.then(ended, ended);
    return result;
  };
  const inFree = <Result>(keys: readonly string[], task: () => Promise<Result>): Promise<Result> => {
    const result = task();
    const last: Last = { task: result, isFollowed: false };
    for (const key of keys) lanes.set(key, last);
    const ended = (): void => {
      for (const key of keys) leave(key, last);
      last.task = undefined;
    };
    result.then(ended, ended);
    return result;
  };
  return Object.assign(inLane, { isFree: (key: string) => !lanes.has(key), inFree });
};
