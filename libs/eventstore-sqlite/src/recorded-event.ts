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

const unread = Symbol('unread');

/**
 * The event a reader sees. Data and metadata are parsed when they are first looked at: many readers skip events by
 * stream or type. They are own, enumerable properties, so the event copies and prints like a plain object.
 */
export const recordedEvent = (storeId: string, stored: StoredEvent): RecordedEvent => {
  const { stream, revision, position, id, type } = stored;
  let data: unknown = unread;
  let metadata: EventMetadata | typeof unread = unread;
  return {
    id,
    type,
    get data() {
      if (data === unread) data = JSON.parse(stored.data);
      return data;
    },
    get metadata() {
      if (metadata === unread) metadata = metadataOf(stored.metadata);
      return metadata;
    },
    stream,
    revision,
    position: positionAt(storeId, position),
  };
};
