import { EventStoreError } from './errors.ts';
import { MAX_APPEND_BYTES, type AppendItem } from './event-store.ts';
import type { NewEvent } from './event.ts';

/** An event whose data and metadata are already JSON text: what an adapter stores. */
export interface EncodedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

const MAX_NAME_BYTES = 1_024;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
// eslint-disable-next-line no-control-regex
const control = /[\u0000-\u001f\u007f]/;

const invalid = (detail: string, options?: ErrorOptions): EventStoreError =>
  new EventStoreError('invalid_append', detail, options);

/** What nearly every name looks like: fit for every store at one look. */
const plain = /^[a-z][\w.-]{0,254}$/i;

/** Why a name of a stream or of an event type cannot be stored everywhere; undefined where it can. */
const problemOfName = (name: string): string | undefined => {
  if (plain.test(name)) return undefined;
  if (name === '') return 'is empty';
  if (name.startsWith('$')) return 'starts with "$", which KurrentDB keeps for itself';
  if (control.test(name)) return 'has a control character';
  if (!name.isWellFormed()) return 'has half of a surrogate pair';
  if (name.length * 3 > MAX_NAME_BYTES && Buffer.byteLength(name) > MAX_NAME_BYTES)
    return `is longer than ${MAX_NAME_BYTES} bytes`;
  return undefined;
};

const checkName = (what: string, name: string): void => {
  const problem = problemOfName(name);
  if (problem) throw invalid(`The ${what} ${JSON.stringify(name.slice(0, 64))} ${problem}`);
};

/** Event types that were found fit: there are some dozens, and each write has one. */
const fitTypes = new Set<string>();
const MOST_FIT_TYPES = 1_000;

const checkType = (type: string): void => {
  if (fitTypes.has(type)) return;
  checkName('event type', type);
  if (fitTypes.size < MOST_FIT_TYPES) fitTypes.add(type);
};

const toJson = (event: NewEvent, field: 'data' | 'metadata'): string => {
  let text: string | undefined;
  try {
    text = JSON.stringify(event[field]);
  } catch (cause) {
    throw invalid(`The ${field} of event ${event.id} cannot be written as JSON`, { cause });
  }
  if (text === undefined) throw invalid(`The ${field} of event ${event.id} has no JSON form`);
  return text;
};

/** The events of one request share their metadata: it is written out once for all of them. */
let lastMetadata: { of: unknown; text: string } | undefined;
const metadataText = (event: NewEvent): string => {
  if (lastMetadata?.of === event.metadata && Object.isFrozen(event.metadata)) return lastMetadata.text;
  const text = toJson(event, 'metadata');
  lastMetadata = { of: event.metadata, text };
  return text;
};

/** So few that comparing each with each takes less than a set. */
const FEW = 8;

const hasRepeatedId = (events: readonly EncodedEvent[]): boolean => {
  if (events.length > FEW) return new Set(events.map(({ id }) => id)).size < events.length;
  for (let one = 1; one < events.length; one += 1)
    for (let other = 0; other < one; other += 1) if (events[one]!.id === events[other]!.id) return true;
  return false;
};

const frame = '{"id":"","type":,"data":,"metadata":},'.length;

/** The bytes of `JSON.stringify(events)` in UTF-8. */
const bytesOf = (events: readonly EncodedEvent[]): number =>
  events.reduce(
    (sum, { id, type, data, metadata }) =>
      sum +
      frame +
      id.length +
      Buffer.byteLength(JSON.stringify(type)) +
      Buffer.byteLength(data) +
      Buffer.byteLength(metadata),
    1,
  );

/** No less than `bytesOf`, and cheap: a UTF-16 unit takes at most three bytes. */
const bytesAtMost = (events: readonly EncodedEvent[]): number => {
  let units = 1;
  for (const { id, type, data, metadata } of events)
    units += frame + id.length + 2 * type.length + 2 + data.length + metadata.length;
  return 3 * units;
};

const isExpectedRevision = (value: unknown): boolean =>
  value === 'no_stream' ||
  value === 'stream_exists' ||
  value === 'any' ||
  (Number.isSafeInteger(value) && (value as number) >= 0);

/**
 * Checks one append by the rules that hold in every adapter, and writes its events as JSON; what a caller changes in
 * them afterwards is not seen. Throws `invalid_append` (odd names or ids, no events, data that JSON cannot carry) or
 * `append_too_large` (over `MAX_APPEND_BYTES`, counted as the JSON array of the events in UTF-8).
 */
export const encodeAppend = ({ stream, events, expectedRevision }: AppendItem): readonly EncodedEvent[] => {
  checkName('stream name', stream);
  if (!isExpectedRevision(expectedRevision))
    throw invalid(`${stream}: ${String(expectedRevision)} is not an expected revision`);
  if (events.length === 0) throw invalid(`${stream}: an append needs at least one event`);
  const encoded = new Array<EncodedEvent>(events.length);
  for (let nth = 0; nth < events.length; nth += 1) {
    const event = events[nth]!;
    const { id, type } = event;
    if (!uuid.test(id))
      throw invalid(`${stream}: the event id ${JSON.stringify(id)} is not a UUID in small letters`);
    checkType(type);
    encoded[nth] = { id, type, data: toJson(event, 'data'), metadata: metadataText(event) };
  }
  if (hasRepeatedId(encoded)) throw invalid(`${stream}: an event id occurs twice in one append`);
  if (bytesAtMost(encoded) > MAX_APPEND_BYTES) {
    const bytes = bytesOf(encoded);
    if (bytes > MAX_APPEND_BYTES)
      throw new EventStoreError(
        'append_too_large',
        `${stream}: ${bytes} bytes of events, at most ${MAX_APPEND_BYTES} fit in one append; split it`,
      );
  }
  return encoded;
};
