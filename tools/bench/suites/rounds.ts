import type { LoadResult } from '../load/run-load.ts';
import type { Workload } from '../load/workloads.ts';
import type { Load } from '../processes/load-process.ts';
import { median, medianRatio } from '../report/statistics.ts';

/** A server that takes part. */
export interface Contender<Key extends string> {
  readonly key: Key;
  readonly title: string;
  readonly url: string;
}

/** `1 connection`, `32 connections`. */
export const connectionsTitle = (connections: number): string =>
  connections === 1 ? '1 connection' : `${connections} connections`;

/** The rounds of one server under one number of connections. */
export interface Series {
  /** Medians over the rounds; milliseconds. */
  readonly callsPerSecond: number;
  readonly objectsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly clientLoad: number;
  /** By round, for ratios. */
  readonly throughputs: readonly number[];
  readonly p99s: readonly number[];
}

export interface RoundsOptions {
  readonly load: Load;
  readonly workload: (key: string) => Workload;
  readonly rounds: number;
  readonly seconds: number;
  readonly progress: (text: string) => void;
  /** Waits for work that a server has answered for but not finished: it would slow down whoever comes next. */
  readonly settle?: (contender: { readonly key: string; readonly url: string }) => Promise<void>;
}

/**
 * Measures the contenders one after the other, round by round, rather than each for all of its time: what changes on
 * the machine meanwhile then meets all of them alike.
 */
export const measureRounds = async <Key extends string>(
  contenders: readonly Contender<Key>[],
  connections: number,
  { load, workload, rounds, seconds, progress, settle }: RoundsOptions,
): Promise<Map<Key, Series>> => {
  const results = new Map<Key, LoadResult[]>(contenders.map(({ key }) => [key, []]));
  for (let round = 1; round <= rounds; round++)
    for (const { key, title, url } of contenders) {
      const result = await load({ url, workload: workload(key), connections, seconds });
      await settle?.({ key, url });
      results.get(key)?.push(result);
      progress(
        `${connectionsTitle(connections)}, round ${round} of ${rounds}, ${title}: ` +
          `${Math.round(result.calls / result.seconds)} calls/s, p99 ${result.p99.toFixed(2)} ms`,
      );
    }
  return new Map([...results].map(([key, rounds]) => [key, seriesOf(rounds)]));
};

const seriesOf = (results: readonly LoadResult[]): Series => {
  const throughputs = results.map(({ calls, seconds }) => calls / seconds);
  const p99s = results.map(({ p99 }) => p99);
  return {
    callsPerSecond: median(throughputs),
    objectsPerSecond: median(results.map(({ objects, seconds }) => objects / seconds)),
    p50: median(results.map(({ p50 }) => p50)),
    p99: median(p99s),
    clientLoad: median(results.map(({ clientLoad }) => clientLoad)),
    throughputs,
    p99s,
  };
};

/** How many times the throughput of the other one. */
export const throughputRatio = (series: Series, other: Series): number =>
  medianRatio(series.throughputs, other.throughputs);

/** How many times the p99 of the other one: below 1 is better. */
export const p99Ratio = (series: Series, other: Series): number => medianRatio(series.p99s, other.p99s);
