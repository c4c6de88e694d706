import { fileURLToPath } from 'node:url';
import { startPostgres, type Postgres } from '../postgres/cluster.ts';
import { startNode } from '../processes/node-program.ts';
import type { Resources } from '../processes/resources.ts';

/** Starts Fastify with a canned answer. */
export const startBareFastify = async (resources: Resources): Promise<string> => {
  const { url } = await startNode(resources, {
    title: 'bare Fastify',
    script: fileURLToPath(new URL('bare-fastify.ts', import.meta.url)),
  });
  return url!;
};

/**
 * Connections to Postgres. Enough that commits can share a flush of its log, few enough that two cores are not busy with
 * switching between backends: from 8 to 64, what they write differs by little, and 24 was in the middle of the best.
 */
export const POOL_SIZE = 24;

export interface PostgresBaseline extends Postgres {
  readonly url: string;
}

/** Starts Fastify on a Postgres of its own. Undefined where Postgres is not installed. */
export const startPostgresFastify = async (resources: Resources): Promise<PostgresBaseline | undefined> => {
  const postgres = await startPostgres(resources);
  if (!postgres) return undefined;
  const { url } = await startNode(resources, {
    title: 'Fastify with Postgres',
    script: fileURLToPath(new URL('postgres-fastify.ts', import.meta.url)),
    args: [postgres.host, String(POOL_SIZE)],
  });
  return { ...postgres, url: url! };
};
