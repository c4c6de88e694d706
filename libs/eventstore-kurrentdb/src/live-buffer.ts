/** How a wait on a buffer ended: with an item, after a while without one, or because no more will come. */
export type Taken<Item> = { readonly item: Item } | 'idle' | 'over';

/**
 * What came live and was not handed out yet. It takes up to `capacity` items; the one after that ends it, since a gap
 * is mended by reading on from the last item handed out, not by waiting.
 */
export interface LiveBuffer<Item> {
  /** Takes an item in; false where it was full, or over already. */
  put(item: Item): boolean;
  /** Lets what is held be taken, and then tells that it is over. */
  end(): void;
  /** Waits up to `milliseconds` for the next item; 'over' at once where the signal is aborted. */
  take(milliseconds: number, signal: AbortSignal): Promise<Taken<Item>>;
}

export const liveBuffer = <Item>(capacity: number): LiveBuffer<Item> => {
  let items: Item[] = [];
  let next = 0;
  let over = false;
  let wake: (() => void) | undefined;

  const end = (): void => {
    over = true;
    wake?.();
  };

  const shift = (): Item => {
    const item = items[next]!;
    next += 1;
    // Also where it never runs empty, what was handed out is let go of now and then.
    if (next === items.length || next >= capacity) {
      items = items.slice(next);
      next = 0;
    }
    return item;
  };

  return {
    put: (item) => {
      if (over) return false;
      if (items.length - next >= capacity) {
        end();
        return false;
      }
      items.push(item);
      wake?.();
      return true;
    },
    end,
    take: async (milliseconds, signal) => {
      if (next === items.length && !over && !signal.aborted)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(done, milliseconds);
          signal.addEventListener('abort', done);
          wake = done;
          function done(): void {
            clearTimeout(timer);
            signal.removeEventListener('abort', done);
            wake = undefined;
            resolve();
          }
        });
      if (signal.aborted) return 'over';
      if (next < items.length) return { item: shift() };
      return over ? 'over' : 'idle';
    },
  };
};
