import type { FastifyInstance } from 'fastify';

/** Listens on a free port of 127.0.0.1, tells whoever started this process, and ends with them. */
export const listenAndReport = async (app: FastifyInstance): Promise<void> => {
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  process.once('disconnect', () => process.exit());
  process.once('SIGTERM', () => process.exit());
  process.send?.({ hearth: 'ready', url });
};
