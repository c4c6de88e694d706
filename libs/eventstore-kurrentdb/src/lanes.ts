/** The end of the last task of a name; emptied before it leaves its map (decision 21). */
interface Lane {
  end: Promise<unknown> | undefined;
}

/** Runs tasks of one name one after the other, and those of different names side by side. */
export type Lanes = <Value>(name: string, task: () => Promise<Value>) => Promise<Value>;

export const lanes = (): Lanes => {
  const busy = new Map<string, Lane>();
  return (name, task) => {
    let lane = busy.get(name);
    if (!lane) busy.set(name, (lane = { end: undefined }));
    const { end: before = Promise.resolve() } = lane;
    const run = before.then(task);
    const end = run.catch(() => undefined);
    lane.end = end;
    void end.then(() => {
      if (lane.end !== end) return;
      lane.end = undefined;
      busy.delete(name);
    });
    return run;
  };
};
