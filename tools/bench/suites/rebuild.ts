import { megabytes, whole } from '../report/numbers.ts';
import { median } from '../report/statistics.ts';
import type { Section } from '../report/section.ts';
import { OBJECTS_PER_ARRAY } from '../load/workloads.ts';
import { rebuildProfiles } from '../servers/rebuild-profiles.ts';
import { startEmbedded } from '../servers/start-hearth.ts';
import { profilesSettled } from './settle.ts';
import type { SuiteContext } from './suite.ts';

const USERS = 50_000;
const LEAST_EVENTS_PER_SECOND = 100_000;

/** A log written through the API, then folded anew by `hearth rebuild profiles`, with nothing else running. */
export const benchRebuild = async ({ resources, load, quick, progress }: SuiteContext): Promise<Section> => {
  const { leastEvents, repetitions } = quick
    ? { leastEvents: 50_000, repetitions: 1 }
    : { leastEvents: 1_000_000, repetitions: 3 };
  const dataDir = resources.folder();
  const hearth = await startEmbedded(resources, dataDir);
  progress(`writing a log of ${whole(leastEvents)} events`);
  await load({
    url: hearth.url,
    workload: { kind: 'async', order: 'random', users: USERS },
    connections: 4,
    calls: Math.ceil(leastEvents / (3 * OBJECTS_PER_ARRAY)),
  });
  await profilesSettled(hearth.url);
  await hearth.stop();

  const runs: Awaited<ReturnType<typeof rebuildProfiles>>[] = [];
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    const run = await rebuildProfiles(resources, dataDir);
    runs.push(run);
    progress(`rebuilt ${whole(run.events)} events in ${run.seconds.toFixed(1)} s`);
  }
  const events = runs[0]!.events;
  if (events < leastEvents) throw new Error(`only ${events} events were folded, of at least ${leastEvents}`);
  const speed = median(runs.map((run) => run.events / run.seconds));
  const folding = median(runs.map(({ foldingSeconds }) => foldingSeconds));
  const peak = median(runs.map(({ peakBytes }) => peakBytes));
  return {
    name: 'rebuild',
    title: 'Rebuilding profiles',
    method:
      `A log with ${whole(events)} events of ${whole(USERS)} users (attributes, events and purchases in equal parts, in random order), ` +
      'written through the API. `hearth rebuild profiles` then folds it into a new read model, on a thread for each core: from the ' +
      'start of the process to its end, with writing the read model, hashing it, and hashing the one that was there to compare the two. ' +
      `Median of ${repetitions}.`,
    goals: [
      {
        text: `At least ${whole(LEAST_EVENTS_PER_SECOND)} events per second`,
        measured: `${whole(speed)} per second`,
        met: speed >= LEAST_EVENTS_PER_SECOND,
      },
    ],
    tables: [
      {
        caption: 'Figures:',
        head: ['Events', 'Seconds', 'of these for the new read model', 'Events per second', 'Highest memory'],
        rows: [
          [whole(events), (events / speed).toFixed(1), folding.toFixed(1), whole(speed), megabytes(peak)],
        ],
      },
    ],
  };
};
