import { fileURLToPath } from 'node:url';
import type { LoadReply } from '../load/client.ts';
import type { LoadOrder, LoadResult } from '../load/run-load.ts';
import { startNode } from './node-program.ts';
import type { Resources } from './resources.ts';

/** Runs a load to its end. Throws where a single call of it failed: figures of a server that fails are worth nothing. */
export type Load = (
  order: Omit<LoadOrder, 'authorization' | 'seed'> & { readonly seed?: number },
) => Promise<LoadResult>;

/** The key that the client sends and that the servers ask for. */
export const API_KEY = 'bench-key-for-loopback-only';

/** Starts the client: one process for all loads, so that every server meets the same warmed-up one. */
export const startLoadProcess = async (resources: Resources): Promise<Load> => {
  const client = await startNode(resources, {
    title: 'client',
    script: fileURLToPath(new URL('../load/client.ts', import.meta.url)),
  });
  let loads = 0;
  return async (order) => {
    const reply = Promise.withResolvers<LoadReply>();
    client.child.once('message', reply.resolve);
    void client.ended.then(() => reply.reject(new Error(`the client ended:\n${client.output()}`)));
    client.child.send({ seed: ++loads, ...order, authorization: `Bearer ${API_KEY}` } satisfies LoadOrder);
    const answer = await reply.promise;
    if ('failure' in answer) throw new Error(`the load on ${order.url} failed: ${answer.failure}`);
    const { errors, firstError } = answer.result;
    if (errors > 0) throw new Error(`${errors} calls to ${order.url} failed; the first one: ${firstError}`);
    return answer.result;
  };
};
