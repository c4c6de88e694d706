/** Runs tasks of one name one after the other, and those of different names side by side. */
export type Lanes = <Value>(name: string, task: () => Promise<Value>) => Promise<Value>;

export const lanes = (): Lanes => {
  const last = new Map<string, Promise<unknown>>();
  return (name, task) => {
    const before = last.get(name) ?? Promise.resolve();
    const run = before.then(task);
    const settled = run.catch(() => undefined);
    last.set(name, settled);
    void settled.then(() => {
      if (last.get(name) === settled) last.delete(name);
    });
    return run;
  };
};
