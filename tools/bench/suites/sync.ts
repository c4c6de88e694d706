import { milliseconds, percent, times, whole } from '../report/numbers.ts';
import type { Goal, Section, Table } from '../report/section.ts';
import { POOL_SIZE, startBareFastify, startPostgresFastify } from '../servers/start-baselines.ts';
import { startEmbedded, startStack } from '../servers/start-hearth.ts';
import {
  connectionsTitle,
  measureRounds,
  p99Ratio,
  throughputRatio,
  type Contender,
  type Series,
} from './rounds.ts';
import { WITHOUT_POSTGRES, type SuiteContext } from './suite.ts';

type Key = 'fastify' | 'postgres' | 'embedded' | 'ingestion' | 'gateway';
type Measured = ReadonlyMap<number, ReadonlyMap<Key, Series>>;

const USERS = 10_000;
const CONNECTIONS = [1, 32, 128];

/** `POST /users/track/sync` beside a bare Fastify and beside Fastify on Postgres. */
export const benchSync = async ({ resources, load, quick, progress }: SuiteContext): Promise<Section> => {
  const { rounds, seconds, warmUpSeconds } = quick
    ? { rounds: 2, seconds: 1, warmUpSeconds: 1 }
    : { rounds: 5, seconds: 4, warmUpSeconds: 4 };

  progress('starting the servers');
  const fastify = await startBareFastify(resources);
  const postgres = await startPostgresFastify(resources);
  const embedded = await startEmbedded(resources);
  const stack = await startStack(resources);
  const contenders: Contender<Key>[] = [
    { key: 'fastify', title: 'Fastify, canned answer', url: fastify },
    ...(postgres ? [{ key: 'postgres', title: 'Fastify + Postgres', url: postgres.url } as const] : []),
    { key: 'embedded', title: 'Hearth embedded', url: embedded.url },
    { key: 'ingestion', title: 'Hearth as processes', url: stack.ingestionUrl },
    { key: 'gateway', title: 'Hearth as processes, gateway', url: stack.gatewayUrl },
  ];
  for (const { key, title, url } of contenders) {
    progress(`warming up: ${title}`);
    // The gateway stands before the same services: their users exist by then.
    if (key !== 'gateway')
      await load({ url, workload: { kind: 'sync', order: 'each', users: USERS }, connections: 32 });
    await load({
      url,
      workload: { kind: 'sync', order: 'random', users: USERS },
      connections: 32,
      seconds: warmUpSeconds,
    });
  }

  const measured = new Map<number, Map<Key, Series>>();
  for (const connections of CONNECTIONS)
    measured.set(
      connections,
      await measureRounds(contenders, connections, {
        load,
        workload: () => ({ kind: 'sync', order: 'random', users: USERS }),
        rounds,
        seconds,
        progress,
      }),
    );

  return {
    name: 'sync',
    title: 'Synchronous writes',
    method: [
      `One attributes object a call (a string, an increment, a string) for one of ${whole(USERS)} users, picked at random. `,
      `${rounds} rounds of ${seconds} s for each server and each number of connections, in turns; medians. `,
      postgres
        ? `Postgres ${postgres.version} with ${postgres.durability}, ${POOL_SIZE} connections, prepared statements. `
        : `${WITHOUT_POSTGRES} `,
      'Hearth commits to SQLite with `synchronous=FULL`.',
    ].join(''),
    goals: postgres ? goalsOf(measured) : [],
    tables: [ratiosOf(contenders, measured), figuresOf(contenders, measured)],
  };
};

const series = (measured: Measured, connections: number, key: Key): Series => {
  const found = measured.get(connections)?.get(key);
  if (!found) throw new Error(`${key} was not measured at ${connections} connections`);
  return found;
};

const goalsOf = (measured: Measured): Goal[] => {
  const ratio = (connections: number, key: Key, other: Key): number =>
    throughputRatio(series(measured, connections, key), series(measured, connections, other));
  const p99 = p99Ratio(series(measured, 32, 'embedded'), series(measured, 32, 'postgres'));
  const processes = (connections: number, least: number): Goal => {
    const direct = ratio(connections, 'ingestion', 'postgres');
    return {
      text: `As processes, ${connections} connections: at least ${least} x Fastify + Postgres`,
      measured: `${times(direct)} (${times(ratio(connections, 'gateway', 'postgres'))} through the gateway)`,
      met: direct >= least,
    };
  };
  return [
    {
      text: 'Embedded, 32 connections: at least 2 x Fastify + Postgres',
      measured: times(ratio(32, 'embedded', 'postgres')),
      met: ratio(32, 'embedded', 'postgres') >= 2,
    },
    {
      text: 'Embedded, 32 connections: a lower p99 than Fastify + Postgres',
      measured: times(p99),
      met: p99 < 1,
    },
    {
      text: 'Embedded, 32 connections: at least 45 % of bare Fastify',
      measured: percent(ratio(32, 'embedded', 'fastify')),
      met: ratio(32, 'embedded', 'fastify') >= 0.45,
    },
    processes(32, 1),
    processes(128, 1.5),
  ];
};

const ratiosOf = (contenders: readonly Contender<Key>[], measured: Measured): Table => {
  const bases = (['postgres', 'fastify'] as const).filter((key) =>
    contenders.some((each) => each.key === key),
  );
  return {
    caption:
      'Calls per second as a multiple of Fastify + Postgres, and as a share of the bare Fastify; in brackets the p99 as a multiple of that of Fastify + Postgres:',
    head: ['', ...CONNECTIONS.map(connectionsTitle)],
    rows: contenders.map(({ key, title }) => [
      title,
      ...CONNECTIONS.map((connections) => {
        const own = series(measured, connections, key);
        const parts = bases.map((base) => {
          const other = series(measured, connections, base);
          return base === 'postgres'
            ? `${times(throughputRatio(own, other))} (p99 ${times(p99Ratio(own, other))})`
            : percent(throughputRatio(own, other));
        });
        return parts.join(', ');
      }),
    ]),
  };
};

const figuresOf = (contenders: readonly Contender<Key>[], measured: Measured): Table => ({
  caption: 'Calls per second, p50 and p99 in milliseconds, and the share of a core that the client took:',
  head: ['', ...CONNECTIONS.map(connectionsTitle)],
  rows: contenders.map(({ key, title }) => [
    title,
    ...CONNECTIONS.map((connections) => {
      const { callsPerSecond, p50, p99, clientLoad } = series(measured, connections, key);
      return `${whole(callsPerSecond)}/s, ${milliseconds(p50)}, ${milliseconds(p99)} (client ${percent(clientLoad)})`;
    }),
  ]),
});
