/** Runs tasks of one key one after the other, in the order they came; tasks of different keys do not wait for each other. */
export type Lanes = <Result>(key: string, task: () => Promise<Result>) => Promise<Result>;

/** Makes a set of lanes. A lane exists only while something waits in it; a failing task does not hold up the next. */
export const createLanes = (): Lanes => {
  const tails = new Map<string, Promise<unknown>>();
  return (key, task) => {
    const before = tails.get(key);
    const result = before === undefined ? task() : before.then(task, task);
    tails.set(key, result);
    const leave = (): void => {
      if (tails.get(key) === result) tails.delete(key);
    };
    result.then(leave, leave);
    return result;
  };
};
