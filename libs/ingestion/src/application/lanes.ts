/** Runs tasks of one key one after the other, in the order they came; tasks of different keys do not wait for each other. */
export interface Lanes {
  <Result>(key: string, task: () => Promise<Result>): Promise<Result>;
  /** Whether a task of this key would run at once. */
  isFree(key: string): boolean;
  /** Runs one task in the lanes of several keys, once it is its turn in all of them. */
  together<Result>(keys: readonly string[], task: () => Promise<Result>): Promise<Result>;
}

/** The last task of a lane; emptied before the lane leaves its map (decision 21). */
interface Lane {
  tail: Promise<unknown> | undefined;
}

/** Makes a set of lanes. A lane exists only while something waits in it; a failing task does not hold up the next. */
export const createLanes = (): Lanes => {
  const lanes = new Map<string, Lane>();

  const enter = (key: string, tail: Promise<unknown>): void => {
    const lane = lanes.get(key);
    if (lane) lane.tail = tail;
    else lanes.set(key, { tail });
  };
  const leave = (key: string, tail: Promise<unknown>): void => {
    const lane = lanes.get(key);
    if (lane?.tail !== tail) return;
    lane.tail = undefined;
    lanes.delete(key);
  };

  const inLane = <Result>(key: string, task: () => Promise<Result>): Promise<Result> => {
    const before = lanes.get(key)?.tail;
    const result = before === undefined ? task() : before.then(task, task);
    enter(key, result);
    const ended = (): void => leave(key, result);
    result.then(ended, ended);
    return result;
  };
  // A place in every lane is taken at one moment, so no two tasks can wait for each other.
  const together = <Result>(keys: readonly string[], task: () => Promise<Result>): Promise<Result> => {
    const before = keys.flatMap((key) => lanes.get(key)?.tail ?? []);
    const result = before.length === 0 ? task() : Promise.allSettled(before).then(task);
    for (const key of keys) enter(key, result);
    const ended = (): void => {
      for (const key of keys) leave(key, result);
    };
    result.then(ended, ended);
    return result;
  };
  return Object.assign(inLane, { isFree: (key: string) => !lanes.has(key), together });
};
