import { describe, expect, it } from 'vitest';
import type { RecordedEvent as ClientEvent } from '@kurrent/kurrentdb-client';
import { encodeAppend } from '@hearth/eventing';
import { someEvent } from '@hearth/eventing/testing';
import { eventIdOf, serverIdsOf, toEventData, toRecordedEvent } from './stored-event.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('the ids the server gets', () => {
  const [a, b, c] = [someEvent(), someEvent(), someEvent()];

  it('are the event’s own where it is appended alone', () => {
    expect(serverIdsOf([a])).toEqual([a.id]);
  });

  it('are the same for the same append, and UUIDs', () => {
    const ids = serverIdsOf([a, b, c]);
    expect(serverIdsOf([a, b, c])).toEqual(ids);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(uuid);
  });

  it('have none in common with a part of the append, more than it, or another order', () => {
    const ids = new Set(serverIdsOf([a, b, c]));
    for (const other of [[a], [a, b], [b, c], [c], [a, b, c, someEvent()], [a, c, b]])
      for (const id of serverIdsOf(other)) expect(ids.has(id)).toBe(false);
  });
});

describe('an event stored and read', () => {
  const stored = (events: readonly ReturnType<typeof someEvent>[]): ClientEvent[] =>
    toEventData(encodeAppend({ stream: 'user-1', events, expectedRevision: 'any' })).map(
      (event, index): ClientEvent => ({
        streamId: 'user-1',
        id: event.id,
        isJson: true,
        revision: BigInt(index),
        type: event.type,
        created: new Date(0),
        data: event.data as Record<string, unknown>,
        metadata: event.metadata,
        position: { commit: BigInt(100 + index), prepare: BigInt(100 + index) },
      }),
    );

  it.each([1, 3])('comes back as it was, of an append of %i', (count) => {
    const events = Array.from({ length: count }, (_, n) => someEvent({ n, nested: { text: 'é\ud83e' } }));
    const read = stored(events);
    expect(read.map(eventIdOf)).toEqual(events.map(({ id }) => id));
    expect(read.map((event) => toRecordedEvent('0badcafe', event))).toEqual(
      events.map((event, index) => ({
        ...event,
        stream: 'user-1',
        revision: index,
        position: `0badcafe:${String(100 + index).padStart(19, '0')}`,
      })),
    );
  });

  it('is a copy', () => {
    const event = someEvent({ n: 1 });
    const [data] = stored([event]);
    (event.data as { n: number }).n = 2;
    expect(data!.data).toEqual({ n: 1 });
  });

  it('without metadata, as other writers leave it, is read all the same', () => {
    const [event] = stored([someEvent()]);
    expect(toRecordedEvent('0badcafe', { ...event!, metadata: undefined }).metadata).toEqual({});
  });
});
