/** The function, at most once in so many milliseconds: for problems that repeat faster than anybody can read. */
export const occasionally = <Args extends readonly unknown[]>(
  intervalMs: number,
  work: (...args: Args) => void,
  now: () => number = () => performance.now(),
): ((...args: Args) => void) => {
  let last = -Infinity;
  return (...args) => {
    if (now() - last < intervalMs) return;
    last = now();
    work(...args);
  };
};
