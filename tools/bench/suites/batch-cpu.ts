import type { Workload } from '../load/workloads.ts';
import { median } from '../report/statistics.ts';
import { profilesSettled } from './settle.ts';
import type { SuiteContext } from './suite.ts';

const CPU_SECONDS = /^process_cpu_seconds_total(?:\{[^}]*\})? (\S+)$/m;

/** The processor time that a Hearth has taken so far, on all of its threads, in seconds. */
const cpuSeconds = async (url: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = CPU_SECONDS.exec(text)?.[1];
  if (found === undefined) throw new Error(`${url}/metrics does not tell the processor time`);
  return Number(found);
};

/**
 * The processor time of a call of each workload in milliseconds, until it stands in profiles: medians over rounds in turns, so that
 * all meet the same machine, on one connection, so that no call waits for a core that another one has.
 */
export const cpuOfCalls = async (
  url: string,
  workloads: readonly Workload[],
  {
    load,
    rounds,
    seconds,
  }: Pick<SuiteContext, 'load'> & { readonly rounds: number; readonly seconds: number },
): Promise<readonly number[]> => {
  const costs = workloads.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [nth, workload] of workloads.entries()) {
      const before = await cpuSeconds(url);
      const { calls } = await load({ url, workload, connections: 1, seconds });
      await profilesSettled(url);
      costs[nth]!.push((1_000 * ((await cpuSeconds(url)) - before)) / calls);
    }
  return costs.map(median);
};
