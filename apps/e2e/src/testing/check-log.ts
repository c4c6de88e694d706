import type { RecordedEvent } from '@hearth/eventing';
import { openSqliteEventReader } from '@hearth/eventstore-sqlite';
import { expect } from 'vitest';

import type { RecordedLoad } from './recorded-load.ts';

/** Every event of a log whose writers are stopped. */
export const readLog = async (file: string): Promise<RecordedEvent[]> => {
  const reader = await openSqliteEventReader({ file });
  const events: RecordedEvent[] = [];
  for (let from, done = false; !done;) {
    const page = await reader.readAll({ ...(from && { from }), limit: 10_000 });
    events.push(...page.events);
    from = page.position;
    done = page.headReached;
  }
  await reader.close();
  return events;
};

/** Holds a log against what its writers were told: what was acknowledged is there once, what was refused is not. */
export const expectLogToMatch = async (file: string, load: RecordedLoad): Promise<void> => {
  const log = await readLog(file);
  const stored = new Map<string, number>();
  for (const { type, data } of log)
    if (type === 'CustomEventRecorded') {
      const { name } = data as { name: string };
      stored.set(name, (stored.get(name) ?? 0) + 1);
    }
  const named = [...load.acknowledged, ...load.doubtful, ...load.refused];
  expect({
    missing: [...load.acknowledged].filter((name) => !stored.has(name)),
    doubled: named.filter((name) => (stored.get(name) ?? 0) > 1),
    refusedButStored: [...load.refused].filter((name) => stored.has(name)),
    usersCreatedTwice: createdTwice(log),
  }).toEqual({ missing: [], doubled: [], refusedButStored: [], usersCreatedTwice: [] });
};

const createdTwice = (log: readonly RecordedEvent[]): string[] => {
  const created = log.flatMap(({ type, data }) =>
    type === 'UserCreated' ? [JSON.stringify((data as { identifier: unknown }).identifier)] : [],
  );
  return created.filter((identifier, index) => created.indexOf(identifier) !== index);
};
