import {
  KurrentDBClient,
  type AllStreamResolvedEvent,
  type RecordedEvent as ClientEvent,
} from '@kurrent/kurrentdb-client';
import type { EventFilter } from '@hearth/eventing';
import { toClientPosition } from './log-position.ts';
import { liveBuffer, type Taken } from './live-buffer.ts';
import { serverFilter } from './reading.ts';
import { STORE_STREAM } from './reserved-stream.ts';

export interface LiveOptions {
  readonly connectionString: string;
  /** The offset behind which it starts. */
  readonly from: bigint;
  readonly filter: EventFilter | undefined;
  /** Events held for a slow consumer. */
  readonly capacity: number;
  /** Sees each event as it arrives, before it is taken; false keeps it out. */
  readonly arrives: (event: ClientEvent) => boolean;
}

/** A subscription at the server, read as fast as it comes into a bounded buffer. */
export interface LiveEvents {
  /** Waits for the next event; 'over' when the server or the buffer gave up, and everything held was taken. */
  take(milliseconds: number, signal: AbortSignal): Promise<Taken<ClientEvent>>;
  close(): void;
}

/**
 * Subscribes once. It is not mended: dropped, overflown or broken, it is over, and the log is read on from where it
 * got to. It has a client of its own, so that a client that is replaced for a failed call does not end it unheard.
 */
export const liveEvents = ({
  connectionString,
  from,
  filter,
  capacity,
  arrives,
}: LiveOptions): LiveEvents => {
  const client = KurrentDBClient.connectionString(connectionString);
  const buffer = liveBuffer<ClientEvent>(capacity);
  const subscription = client.subscribeToAll({
    fromPosition: toClientPosition(from),
    filter: { ...serverFilter(filter, [STORE_STREAM]), maxSearchWindow: 4_096, checkpointInterval: 16 },
  });

  let closed = false;
  const close = (): void => {
    buffer.end();
    if (closed) return;
    closed = true;
    client.dispose().catch(() => undefined);
  };

  subscription.on('data', ({ event }: AllStreamResolvedEvent) => {
    if (event && arrives(event) && !buffer.put(event)) close();
  });
  // Its errors say that it was dropped or lost; it must have a listener until the end, or they would be thrown.
  subscription.on('error', close);
  subscription.on('end', close);
  subscription.on('close', close);

  return { take: (milliseconds, signal) => buffer.take(milliseconds, signal), close };
};
