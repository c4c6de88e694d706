// The client of the benchmark, in a process of its own: it runs one load at a time, on order, and ends with whoever started it.
import { runLoad, type LoadOrder, type LoadResult } from './run-load.ts';

/** What the client sends back for each order. */
export type LoadReply = { readonly result: LoadResult } | { readonly failure: string };

const reply = (message: LoadReply): void => void process.send?.(message);

process.on('message', (order: LoadOrder) => {
  runLoad(order).then(
    (result) => reply({ result }),
    (error: unknown) => reply({ failure: error instanceof Error ? error.message : String(error) }),
  );
});
process.once('disconnect', () => process.exit());
process.send?.({ hearth: 'ready' });
