import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Resources } from '../processes/resources.ts';
import { postgresFolder, unprivilegedUser } from './programs.ts';

export interface Postgres {
  /** The folder of its unix socket, which `pg` takes as a host. */
  readonly host: string;
  readonly version: string;
  /** The settings that decide what a commit is worth, as the server tells them. */
  readonly durability: string;
}

const START_DEADLINE_MS = 30_000;
export const DATABASE = { user: 'postgres', database: 'postgres' } as const;

/**
 * Makes a new cluster with the settings Postgres comes with and starts it on a unix socket. Undefined where Postgres is
 * not installed. Throws, with what it printed, where it does not start.
 */
export const startPostgres = async (resources: Resources): Promise<Postgres | undefined> => {
  const programs = postgresFolder();
  if (programs === undefined) return undefined;
  const user = unprivilegedUser();
  const folder = resources.folder(user);
  const data = join(folder, 'data');
  const common = { cwd: folder, ...(user && { user }) };

  const initdb = resources.start({
    title: 'initdb',
    command: join(programs, 'initdb'),
    args: ['-D', data, '-U', DATABASE.user, '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-instructions'],
    ...common,
  });
  await initdb.ended;
  if (initdb.child.exitCode !== 0) throw new Error(`initdb failed:\n${initdb.output()}`);

  const server = resources.start({
    title: 'postgres',
    command: join(programs, 'postgres'),
    args: ['-D', data, '-k', folder, '-c', 'listen_addresses='],
    // What Postgres calls a fast shutdown: it does not wait for clients.
    stopSignal: 'SIGINT',
    ...common,
  });
  const deadline = Date.now() + START_DEADLINE_MS;
  for (;;) {
    const facts = await askFacts(folder);
    if (facts) return { host: folder, ...facts };
    if (server.hasEnded || Date.now() > deadline)
      throw new Error(`Postgres did not start:\n${server.output()}`);
    await sleep(50);
  }
};

const askFacts = async (host: string): Promise<Omit<Postgres, 'host'> | undefined> => {
  const client = new Client({ host, ...DATABASE });
  try {
    await client.connect();
    const { rows } = await client.query<Record<string, string>>(
      `select current_setting('server_version') as version,
        format('fsync %s, synchronous_commit %s', current_setting('fsync'), current_setting('synchronous_commit')) as durability`,
    );
    return { version: rows[0]!.version!, durability: rows[0]!.durability! };
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
};
