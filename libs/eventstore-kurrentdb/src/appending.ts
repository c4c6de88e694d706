import {
  encodeAppend,
  EventStoreError,
  positionAt,
  WrongExpectedRevision,
  type AppendItem,
  type AppendResult,
} from '@hearth/eventing';
import { refusalFor } from './client-failure.ts';
import type { Erasures } from './erasures.ts';
import type { Appended, ExactAppends } from './exact-append.ts';
import type { openAppends } from './open-append.ts';
import type { Reading } from './reading.ts';
import { STORE_STREAM } from './reserved-stream.ts';
import { toEventData } from './stored-event.ts';
import { readLast } from './stream-slice.ts';

export interface AppendingParts {
  readonly storeId: string;
  readonly reads: Reading;
  readonly erased: Erasures;
  readonly exact: ExactAppends;
  readonly open: ReturnType<typeof openAppends>;
}

/**
 * Takes an append in and gives back what carries it out. Throws at once for one that can never be stored; its events
 * are copied then.
 */
export const appending = ({
  storeId,
  reads,
  erased,
  exact,
  open,
}: AppendingParts): ((item: AppendItem) => () => Promise<AppendResult>) => {
  /** A repeat of which a part was erased is no repeat, though the server finds all of it on its disk. */
  const refuseErased = async (
    { stream, events, expectedRevision }: AppendItem,
    { revision }: Appended,
  ): Promise<void> => {
    if (revision - events.length + 1 < erased.before(stream))
      throw new WrongExpectedRevision(stream, expectedRevision, await readLast(reads, stream));
  };

  return (item) => {
    const { stream, expectedRevision: expected } = item;
    const encoded = encodeAppend(item);
    if (stream === STORE_STREAM)
      throw new EventStoreError(
        'invalid_append',
        `The stream ${STORE_STREAM} is the store's own; choose another name`,
      );
    const events = toEventData(encoded);
    const ids = encoded.map(({ id }) => id);

    const send = (): Promise<Appended> =>
      expected === 'any' || expected === 'stream_exists'
        ? open({ stream, ids, events, expected })
        : exact.append(stream, events, expected).catch((error: unknown) => {
            throw error instanceof EventStoreError ? refusalFor(error, expected) : error;
          });

    return async () => {
      const appended = await send();
      await refuseErased(item, appended);
      return { revision: appended.revision, position: positionAt(storeId, appended.offset) };
    };
  };
};
