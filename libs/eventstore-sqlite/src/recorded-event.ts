import { positionAt, type EventMetadata, type RecordedEvent } from '@hearth/eventing';

/** An event as it lies in the log. */
export interface StoredEvent {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** The events of one request share their metadata, and mostly come together: it is read once for all of them. */
let lastMetadata: { text: string; value: EventMetadata } | undefined;
const metadataOf = (text: string): EventMetadata => {
  if (lastMetadata?.text !== text)
    lastMetadata = { text, value: Object.freeze(JSON.parse(text) as EventMetadata) };
  return lastMetadata.value;
};

/** The event a reader sees. */
export const recordedEvent = (storeId: string, stored: StoredEvent): RecordedEvent => ({
  id: stored.id,
  type: stored.type,
  data: JSON.parse(stored.data) as unknown,
  metadata: metadataOf(stored.metadata),
  stream: stored.stream,
  revision: stored.revision,
  position: positionAt(storeId, stored.position),
});
