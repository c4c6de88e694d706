import type { EventMetadata, EventStore } from '@hearth/eventing';
import type { ProfileOwners, ProfilesClient } from '@hearth/profiles-client';

import type { StoredEvents } from './idempotency/stored-events.ts';
import type { KeyedHash } from './identity-keys.ts';
import type { MemorySize } from './user-memory.ts';

/** What ingestion needs from outside. Time, ids and the deployment's secret come in here and nowhere else. */
export interface IngestionPorts {
  readonly store: EventStore;
  readonly profiles: ProfilesClient;
  readonly owners: ProfileOwners;
  readonly keyedHash: KeyedHash;
  readonly clock: Clock;
  /** A new random UUID. */
  readonly newId: () => string;
  /**
   * Whether events travel to the projection with the read that follows them. False where it follows the same store in this
   * process: it hears of a commit before any message about it arrives.
   */
  readonly rideAlong: boolean;
  /** A call is given up this long after it came in, in milliseconds. */
  readonly timeoutMs: number;
  /** How many users are remembered, so that writes to them read nothing; plenty where it is left out. */
  readonly rememberedUsers?: MemorySize;
}

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

/** One accepted request: who caused what follows from it, when it came in, and until when somebody waits. */
export interface RequestContext {
  readonly correlationId: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** Epoch milliseconds. */
  readonly deadline: number;
  /** Set where the caller sent an idempotency key. */
  readonly request?: KeyedRequest;
}

/** A request with an idempotency key, as the writes see it that it leads to. Every attempt at it sees the same. */
export interface KeyedRequest {
  /** The name of its stream. It stands in the metadata of every event that the request leads to. */
  readonly stream: string;
  /** The UUID of a part of the request: the same in every attempt, and nobody else's. */
  idOf(part: string): string;
  /** True where an earlier attempt may have stored a part of the request. */
  readonly follows: boolean;
  /** What the request left in the log so far, as far as it was looked for. */
  readonly stored: StoredEvents;
}

const SCHEMA = 1;

/** Requests come many in a millisecond; writing out the time costs more than all else here. */
let lastTime = { ms: NaN, iso: '' };
const isoTime = (ms: number): string => {
  if (ms !== lastTime.ms) lastTime = { ms, iso: new Date(ms).toISOString() };
  return lastTime.iso;
};

/** The metadata of every event that one request leads to. */
export const metadataOf = ({ correlationId, receivedAt, request }: RequestContext): EventMetadata =>
  Object.freeze({
    $correlationId: correlationId,
    $causationId: correlationId,
    source: 'ingestion',
    received_at: isoTime(receivedAt),
    schema: SCHEMA,
    ...(request && { request: request.stream }),
  });
