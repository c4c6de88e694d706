import { randomUUID } from 'node:crypto';
import { EventStoreError, type EventStore, type NewEvent } from '../index.ts';
import type { AcknowledgedAppend } from './event-store-fixture.ts';

const numbered = (batch: string, size: number): NewEvent[] =>
  Array.from({ length: size }, (_, index) => ({
    id: randomUUID(),
    type: 'SomethingHappened',
    data: { batch, size, index, filling: 'x'.repeat(200) },
    metadata: {
      $correlationId: batch,
      $causationId: batch,
      source: 'contract',
      received_at: '2026-11-22T04:44:05.123Z',
      schema: 1,
    },
  }));

/**
 * Appends one event after the other to a stream that others write as well, each with the exact revision it saw last;
 * a lost race reads again. Returns what was acknowledged.
 */
export const contendForRevisions = async (
  store: EventStore,
  { stream, appends }: { stream: string; appends: number },
): Promise<AcknowledgedAppend[]> => {
  const acknowledged: AcknowledgedAppend[] = [];
  while (acknowledged.length < appends) {
    const { lastRevision } = await store.readStream(stream, { direction: 'backwards', limit: 1 });
    const events = numbered(randomUUID(), 1);
    try {
      const expectedRevision = lastRevision < 0 ? 'no_stream' : lastRevision;
      const result = await store.append(stream, events, { expectedRevision });
      acknowledged.push({ stream, ids: events.map(({ id }) => id), ...result });
    } catch (error) {
      if (!(error instanceof EventStoreError) || error.code !== 'wrong_expected_revision') throw error;
    }
  }
  return acknowledged;
};

/**
 * Appends batches of one to seven events to eight streams at once, each batch naming itself and its size, until it is
 * stopped or killed. `report` hears of each acknowledged append, at once.
 */
export const appendWithoutPause = async (
  store: EventStore,
  prefix: string,
  report: (append: AcknowledgedAppend) => void,
  signal?: AbortSignal,
): Promise<void> => {
  const lane = async (number: number): Promise<void> => {
    const stream = `${prefix}-${number}`;
    let { lastRevision } = await store.readStream(stream, { direction: 'backwards', limit: 1 });
    for (let turn = number; !signal?.aborted; turn += 1) {
      const events = numbered(randomUUID(), 1 + (turn % 7));
      const expectedRevision = lastRevision < 0 ? 'no_stream' : lastRevision;
      const result = await store.append(stream, events, { expectedRevision });
      lastRevision = result.revision;
      report({ stream, ids: events.map(({ id }) => id), ...result });
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, number) => lane(number)));
};
