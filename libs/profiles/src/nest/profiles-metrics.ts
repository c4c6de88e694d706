import type { EventStore } from '@hearth/eventing';
import type { Metrics } from '@hearth/nest-kit';
import { Counter, Gauge } from 'prom-client';
import type { Projection, ProjectionStats } from '../application/projection.ts';

const counters = {
  folded: 'Events folded into profiles',
  dropped: 'Events that came again after they had been folded',
  flushes: 'Times that applied profiles were written down',
  rowsWritten: 'Profiles written down',
  hits: 'Profiles found in memory',
  misses: 'Profiles looked for in the file',
} as const satisfies Partial<Record<keyof ProjectionStats, string>>;

const gauges = {
  waiting: 'Profiles applied and not yet written down',
  cached: 'Profiles in the cache',
} as const satisfies Partial<Record<keyof ProjectionStats, string>>;

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Shows what a projection does, read when somebody looks. */
export const addProfilesMetrics = (
  { registry }: Pick<Metrics, 'registry'>,
  projection: Projection,
  { store, clock }: { readonly store: Pick<EventStore, 'head'>; readonly clock: { now(): number } },
): void => {
  const registers = [registry];
  for (const [name, help] of Object.entries(counters) as [keyof typeof counters, string][])
    new Counter({
      name: `hearth_profiles_${snakeCase(name)}_total`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(projection.stats()[name]);
      },
    });
  for (const [name, help] of Object.entries(gauges) as [keyof typeof gauges, string][])
    new Gauge({
      name: `hearth_profiles_${name}`,
      help,
      registers,
      collect() {
        this.set(projection.stats()[name]);
      },
    });
  new Gauge({
    name: 'hearth_profiles_lag_seconds',
    help: 'How old the newest folded event is while others wait to be folded; 0 at the head of the log',
    registers,
    async collect() {
      const { applied, newestReceivedAt } = projection.stats();
      const head = await store.head().catch(() => undefined);
      const behind = head !== undefined && newestReceivedAt !== undefined && applied !== head;
      this.set(behind ? Math.max(0, clock.now() - Date.parse(newestReceivedAt)) / 1_000 : 0);
    },
  });
};
