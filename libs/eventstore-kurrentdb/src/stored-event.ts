import { createHash } from 'node:crypto';
import {
  jsonEvent,
  type EventData,
  type JSONType,
  type RecordedEvent as ClientEvent,
} from '@kurrent/kurrentdb-client';
import type { EncodedEvent, EventMetadata, RecordedEvent } from '@hearth/eventing';
import { toPosition } from './log-position.ts';

/** Where the id of an event is kept when the server knows it under another one. */
const EVENT_ID = '$eventId';

/**
 * The ids under which the server stores the events of one append. The server takes any run of ids that stands at the
 * revisions asked for as a repeat, also when it is only the first part of an earlier append, or two of them in a row.
 * An id made from the whole append and the place in it is found again by the same append only. An append of one event
 * keeps its id.
 */
export const serverIdsOf = (events: readonly { readonly id: string }[]): readonly string[] => {
  if (events.length === 1) return [events[0]!.id];
  const append = createHash('sha256');
  for (const { id } of events) append.update(id);
  const fingerprint = append.digest();
  return events.map((_, index) =>
    uuidFrom(createHash('sha256').update(fingerprint).update(`${index}`).digest()),
  );
};

/** A UUID of version 8 (RFC 9562: bits of one's own making) from the first bytes of a hash. */
const uuidFrom = (hash: Buffer): string => {
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

/** What the client sends for the events of one append. They are copies: what a caller changes later is not seen. */
export const toEventData = (events: readonly EncodedEvent[]): EventData[] => {
  const serverIds = serverIdsOf(events);
  return events.map(({ id, type, data, metadata }, index) => {
    const serverId = serverIds[index]!;
    const carried = JSON.parse(metadata) as Record<string, unknown>;
    return jsonEvent({
      id: serverId,
      type,
      data: JSON.parse(data) as JSONType,
      metadata: serverId === id ? carried : { ...carried, [EVENT_ID]: id },
    });
  });
};

type StoredMetadata = Record<string, unknown> & { readonly [EVENT_ID]?: string };

/** The id an event was appended with. */
export const eventIdOf = (event: ClientEvent): string =>
  (event.metadata as StoredMetadata | undefined)?.[EVENT_ID] ?? event.id;

/** An event as the port gives it back. */
export const toRecordedEvent = (storeId: string, event: ClientEvent): RecordedEvent => {
  const { [EVENT_ID]: id = event.id, ...metadata } = (event.metadata ?? {}) as StoredMetadata;
  return {
    id,
    type: event.type,
    data: event.data,
    metadata: metadata as unknown as EventMetadata,
    stream: event.streamId,
    revision: Number(event.revision),
    position: toPosition(storeId, event.position!),
  };
};
