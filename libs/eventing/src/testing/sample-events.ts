import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { EventStoreErrorCode, NewEvent, RecordedEvent } from '../index.ts';
import { EventStoreError } from '../index.ts';

/** A new event with an id of its own. */
export const someEvent = (data: unknown = { n: 1 }, type = 'SomethingHappened'): NewEvent => ({
  id: randomUUID(),
  type,
  data,
  metadata: {
    $correlationId: 'c0ffee00-0000-4000-8000-000000000001',
    $causationId: 'c0ffee00-0000-4000-8000-000000000002',
    source: 'contract',
    received_at: '2026-11-22T04:44:05.123Z',
    schema: 1,
  },
});

/** New events numbered from `first`. */
export const someEvents = (count: number, first = 0): NewEvent[] =>
  Array.from({ length: count }, (_, index) => someEvent({ n: first + index }));

/** A name that no other test uses. It has no dash, so a stream may follow after one. */
export const uniqueName = (category = 'thing'): string =>
  `${category}_${randomUUID().replaceAll('-', '').slice(0, 12)}`;

/** A stream that no other test uses. */
export const uniqueStream = (category?: string): string => `${uniqueName(category)}-1`;

export const idsOf = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id);

/** An event's fields as a plain object, read one by one. */
export const plain = ({ id, type, data, metadata, stream, revision, position }: RecordedEvent) => ({
  id,
  type,
  data,
  metadata,
  stream,
  revision,
  position,
});

/** Expects a promise to reject with an `EventStoreError` of this code, and gives that error back. */
export const expectRefusal = async (
  promise: Promise<unknown>,
  code: EventStoreErrorCode,
): Promise<EventStoreError> => {
  const error = await promise.then(
    (value) => {
      throw new Error(`Expected ${code}, but it resolved with ${JSON.stringify(value)}`);
    },
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EventStoreError);
  expect((error as EventStoreError).code).toBe(code);
  return error as EventStoreError;
};
