import type { Worker } from 'node:worker_threads';
import { AppendOutcomeUnknown, EventStoreUnavailable } from '@hearth/eventing';
import { expect, it } from 'vitest';
import { openSqliteEventStore } from './event-store.ts';
import { temporaryFile } from './testing/fixture.ts';
import { someEvent } from './testing/one-event.ts';

it('the end of the writing thread leaves nobody waiting, shows, and a new start mends it', async () => {
  const file = await temporaryFile();
  const started = new Promise<Worker>((resolve) => process.once('worker', resolve));
  const store = await openSqliteEventStore({ file });
  const thread = await started;
  const [before, lost, late] = [someEvent(), someEvent(), someEvent()];
  await store.append('user-1', [before], { expectedRevision: 'no_stream' });

  const inFlight = store.append('user-1', [lost], { expectedRevision: 0 });
  await new Promise(setImmediate); // on its way
  await thread.terminate();
  await inFlight.catch((error: unknown) => expect(error).toBeInstanceOf(AppendOutcomeUnknown));
  expect(store.availability).toBe('unavailable');
  await expect(store.append('user-2', [late], { expectedRevision: 'no_stream' })).rejects.toBeInstanceOf(
    EventStoreUnavailable,
  );
  expect((await store.readStream('user-1')).events[0]?.id).toBe(before.id);
  await store.close();

  const again = await openSqliteEventStore({ file });
  await again.append('user-1', [lost], { expectedRevision: 0 });
  expect((await again.readStream('user-1')).events.map(({ id }) => id)).toEqual([before.id, lost.id]);
  expect((await again.readStream('user-2')).lastRevision).toBe(-1);
  await again.close();
});
