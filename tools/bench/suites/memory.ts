import { memoryOf, type ProcessMemory } from '../processes/memory.ts';
import { megabytes, milliseconds, times, whole } from '../report/numbers.ts';
import type { Section } from '../report/section.ts';
import { startEmbedded } from '../servers/start-hearth.ts';
import { measureRounds, p99Ratio, throughputRatio, type Contender } from './rounds.ts';
import { profilesSettled } from './settle.ts';
import type { SuiteContext } from './suite.ts';

type Key = 'few' | 'many';

const CONNECTIONS = 32;
const MOST_BYTES = 2e9;
const MOST_P99_RATIO = 1.5;

/** One Hearth with few profiles beside one with many: what the many cost in memory and in time. */
export const benchMemory = async ({ resources, load, quick, progress }: SuiteContext): Promise<Section> => {
  const { rounds, seconds } = quick ? { rounds: 2, seconds: 1 } : { rounds: 7, seconds: 4 };
  const users: Record<Key, number> = { few: 10_000, many: quick ? 50_000 : 1_000_000 };
  const instances: Record<Key, Awaited<ReturnType<typeof startEmbedded>>> = {
    few: await startEmbedded(resources),
    many: await startEmbedded(resources),
  };
  const title = (key: Key): string => `${whole(users[key])} profiles`;
  const contenders = (['few', 'many'] as const).map((key): Contender<Key> => ({
    key,
    title: title(key),
    url: instances[key].url,
  }));

  for (const { key, url } of contenders) {
    progress(`making ${title(key)}`);
    await load({ url, workload: { kind: 'attributes', order: 'each', users: users[key] }, connections: 4 });
    await profilesSettled(url);
    progress(`warming up: ${title(key)}`);
    await load({
      url,
      workload: { kind: 'sync', order: 'random', users: users[key] },
      connections: CONNECTIONS,
      seconds: quick ? 1 : 5,
    });
  }

  const measured = await measureRounds(contenders, CONNECTIONS, {
    load,
    workload: (key) => ({ kind: 'sync', order: 'random', users: users[key as Key] }),
    rounds,
    seconds,
    progress,
  });
  const [few, many] = [measured.get('few')!, measured.get('many')!];
  const memory: Record<Key, ProcessMemory> = {
    few: memoryOf(instances.few.pid),
    many: memoryOf(instances.many.pid),
  };
  const most = memory.many.peak ?? memory.many.resident;
  const slower = p99Ratio(many, few);

  return {
    name: 'memory',
    title: `${whole(users.many)} profiles`,
    method:
      `Two embedded Hearths, one with ${title('few')} and one with ${title('many')}, all made through the API. Then synchronous ` +
      `writes over ${CONNECTIONS} connections, each for a user picked at random from the whole population, in ${rounds} rounds of ${seconds} s in turns; ` +
      'medians. Memory is the resident set of the process: at the end, and at its highest.',
    goals: [
      {
        text: `${title('many')}: less than 2 GB of memory`,
        measured: megabytes(most),
        met: most < MOST_BYTES,
      },
      {
        text: `${title('many')}: p99 within ${MOST_P99_RATIO} x of that with ${title('few')}`,
        measured: times(slower),
        met: slower <= MOST_P99_RATIO,
      },
    ],
    tables: [
      {
        caption: `With ${title('many')}, as a multiple of ${title('few')}:`,
        head: ['Calls per second', 'p99'],
        rows: [[times(throughputRatio(many, few)), times(slower)]],
      },
      {
        caption: 'Figures; p50 and p99 in milliseconds:',
        head: ['', 'Calls per second', 'p50', 'p99', 'Memory', 'Highest'],
        rows: contenders.map(({ key, title }) => {
          const { callsPerSecond, p50, p99 } = measured.get(key)!;
          const { resident, peak } = memory[key];
          return [
            title,
            whole(callsPerSecond),
            milliseconds(p50),
            milliseconds(p99),
            megabytes(resident),
            peak === undefined ? 'unknown' : megabytes(peak),
          ];
        }),
      },
    ],
  };
};
