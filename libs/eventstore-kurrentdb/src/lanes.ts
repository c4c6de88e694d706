/** The end of the last task of a name; emptied before it leaves its map (decision 21). */
interface Lane {
  end: Promise<unknown> | undefined;
}

/** Runs tasks of one name one after the other, and those of different names side by side. */
export type Lanes = <Value>(name: string, task: () => Promise<Value>) => Promise<Value>;

export const lanes = (): Lanes => {
  const busy = new Map<string, Lane>();
  return (name, task) => {
    const lane = busy.get(name) ?? { end: undefined };
    const run = (lane.end ?? Promise.resolve()).then(task);
    const end = run.catch(() => undefined);
    lane.end = end;
    busy.set(name, lane);
    void end.then(() => {
      if (lane.end !== end) return;
      lane.end = undefined;
      busy.delete(name);
    });
    return run;
  };
};
