import type { RecordedEvent as ClientEvent } from '@kurrent/kurrentdb-client';
import type { StreamSlice } from '@hearth/eventing';
import type { Erasures } from './erasures.ts';
import type { Reading } from './reading.ts';
import { toRecordedEvent } from './stored-event.ts';

/** What a slice without a limit may hold at most. */
const ALL = Number.MAX_SAFE_INTEGER - 1;

/**
 * Reads a part of one stream as the port promises it. The server tells neither the last revision of a stream nor
 * whether more follows, so one event more than wanted is read, and the last one where it was not among them.
 */
export const readSlice =
  (storeId: string, reading: Reading, erasures: Erasures) =>
  async (
    stream: string,
    options: { from?: number; direction?: 'forwards' | 'backwards'; limit?: number } = {},
  ): Promise<StreamSlice> => {
    const { direction = 'forwards', limit = ALL, from } = options;
    const backwards = direction === 'backwards';
    const first = from === undefined ? undefined : backwards ? from - 1 : from + 1;
    const read =
      backwards && first !== undefined && first < 0
        ? []
        : await reading.stream(stream, {
            direction,
            limit: limit + 1,
            ...(first === undefined ? {} : { from: first }),
          });
    if (!read) return { events: [], lastRevision: -1, endOfStream: true };
    const standing = read.filter(({ revision }) => Number(revision) >= erasures.before(stream));
    const endOfStream = standing.length <= limit;
    const lastRevision = lastOf(read, backwards, from, endOfStream) ?? (await readLast(reading, stream));
    const events = standing.slice(0, limit).map((event) => toRecordedEvent(storeId, event));
    return { events, lastRevision, endOfStream };
  };

/** The last revision, where the slice tells it. */
const lastOf = (
  read: readonly ClientEvent[],
  backwards: boolean,
  from: number | undefined,
  endOfStream: boolean,
): number | undefined => {
  const tells = backwards ? from === undefined : endOfStream;
  const last = tells ? read.at(backwards ? 0 : -1) : undefined;
  return last && Number(last.revision);
};

/** The last revision of a stream, -1 where it does not exist. */
export const readLast = async (reading: Reading, stream: string): Promise<number> => {
  const events = await reading.stream(stream, { direction: 'backwards', limit: 1 });
  return Number(events?.at(0)?.revision ?? -1);
};
