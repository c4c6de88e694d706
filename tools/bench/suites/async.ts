import { median } from '../report/statistics.ts';
import { milliseconds, percent, times, whole } from '../report/numbers.ts';
import type { Goal, Section } from '../report/section.ts';
import { POOL_SIZE, startPostgresFastify } from '../servers/start-baselines.ts';
import { startEmbedded } from '../servers/start-hearth.ts';
import { cpuOfCalls } from './batch-cpu.ts';
import { connectionsTitle, measureRounds, throughputRatio, type Contender, type Series } from './rounds.ts';
import { profilesSettled } from './settle.ts';
import { WITHOUT_POSTGRES, type SuiteContext } from './suite.ts';

type Key = 'postgres' | 'embedded';

const USERS = 10_000;
const CONNECTIONS = [1, 4, 8];
/** The goal is judged here: batches come from a few workers, not from a crowd. */
const JUDGED_AT = 4;
const LEAST_RATIO = 5;
const MOST_CPU_MS = 3;

/** `POST /users/track` with full arrays, beside the same objects written to Postgres row by row. */
export const benchAsync = async ({ resources, load, quick, progress }: SuiteContext): Promise<Section> => {
  const { rounds, seconds } = quick ? { rounds: 2, seconds: 1 } : { rounds: 5, seconds: 4 };

  progress('starting the servers');
  const postgres = await startPostgresFastify(resources);
  const embedded = await startEmbedded(resources);
  const contenders: Contender<Key>[] = [
    ...(postgres
      ? [{ key: 'postgres', title: 'Fastify + Postgres, row by row', url: postgres.url } as const]
      : []),
    { key: 'embedded', title: 'Hearth embedded', url: embedded.url },
  ];
  for (const { title, url } of contenders) {
    progress(`warming up: ${title}`);
    await load({ url, workload: { kind: 'sync', order: 'each', users: USERS }, connections: 32 });
    await load({
      url,
      workload: { kind: 'async', order: 'random', users: USERS },
      connections: 4,
      seconds: quick ? 1 : 4,
    });
  }

  const measured = new Map<number, Map<Key, Series>>();
  const lags: number[] = [];
  for (const connections of CONNECTIONS)
    measured.set(
      connections,
      await measureRounds(contenders, connections, {
        load,
        workload: () => ({ kind: 'async', order: 'random', users: USERS }),
        rounds,
        seconds,
        progress,
        settle: async ({ key, url }) => {
          if (key === 'embedded') lags.push(await profilesSettled(url));
        },
      }),
    );

  progress('processor time of a batch');
  const random = { order: 'random', users: USERS } as const;
  const kinds = ['async_by_user', 'async'] as const;
  const workloads = kinds.map((kind) => ({ kind, ...random }));
  const [cpuByUser, cpuOfStrangers] = await cpuOfCalls(embedded.url, workloads, { load, rounds, seconds });
  const cpuGoal = (whose: string, ms: number): Goal => ({
    text: `Embedded: a batch of 225 objects ${whose} takes less than ${MOST_CPU_MS} ms of CPU, all threads and the folding included`,
    measured: `${milliseconds(ms)} ms`,
    met: ms < MOST_CPU_MS,
  });

  const ratioAt = (connections: number): number | undefined => {
    const [own, other] = [
      measured.get(connections)?.get('embedded'),
      measured.get(connections)?.get('postgres'),
    ];
    return own && other && throughputRatio(own, other);
  };
  const ratio = ratioAt(JUDGED_AT);
  const head = ['', ...CONNECTIONS.map(connectionsTitle)];
  return {
    name: 'async',
    title: 'Asynchronous batches',
    method: [
      'A call carries 225 objects: 75 attributes objects, 75 events and 75 purchases, each for a user of its own picked at ',
      `random from ${whole(USERS)}. Hearth answers once they are stored for good; it folds them into profiles meanwhile, in the same process. `,
      postgres
        ? `Fastify + Postgres writes them row by row, a statement an object, in one transaction a call (${POOL_SIZE} connections, ${postgres.durability}). `
        : `${WITHOUT_POSTGRES} `,
      `${rounds} rounds of ${seconds} s in turns; medians. After the last answer of a round, ${milliseconds(median(lags))} ms passed `,
      `until everything stood in profiles (the median; ${milliseconds(Math.max(...lags))} ms at most). `,
      'CPU is what the process itself counts, with one connection, until everything stands in profiles.',
    ].join(''),
    goals: [
      ...(ratio === undefined
        ? []
        : [
            {
              text: `Embedded, ${JUDGED_AT} connections: at least ${LEAST_RATIO} x the objects per second of Postgres row by row`,
              measured: times(ratio),
              met: ratio >= LEAST_RATIO,
            },
          ]),
      cpuGoal('for 75 users, an attributes object, an event and a purchase each,', cpuByUser!),
      cpuGoal('for 225 users', cpuOfStrangers!),
    ],
    tables: [
      {
        caption: 'Objects per second of Hearth as a multiple of Fastify + Postgres, row by row:',
        head,
        rows: [
          [
            'Hearth embedded',
            ...CONNECTIONS.map((each) => (ratioAt(each) === undefined ? '' : times(ratioAt(each)!))),
          ],
        ],
      },
      {
        caption: 'Objects per second, and p50 and p99 of a call in milliseconds:',
        head,
        rows: contenders.map(({ key, title }) => [
          title,
          ...CONNECTIONS.map((connections) => {
            const own = measured.get(connections)!.get(key)!;
            return `${whole(own.objectsPerSecond)}/s, ${milliseconds(own.p50)}, ${milliseconds(own.p99)} (client ${percent(own.clientLoad)})`;
          }),
        ]),
      },
    ],
  };
};
