import type { EventMetadata, EventStore } from '@hearth/eventing';
import type { ProfileOwners, ProfilesClient } from '@hearth/profiles-client';

import type { KeyedHash } from './identity-keys.ts';

/** What ingestion needs from outside. Time, ids and the deployment's secret come in here and nowhere else. */
export interface IngestionPorts {
  readonly store: EventStore;
  readonly profiles: ProfilesClient;
  readonly owners: ProfileOwners;
  readonly keyedHash: KeyedHash;
  readonly clock: Clock;
  /** A new random UUID. */
  readonly newId: () => string;
  /** A call is given up this long after it came in, in milliseconds. */
  readonly timeoutMs: number;
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
}

const SCHEMA = 1;

/** The metadata of every event that one request leads to. */
export const metadataOf = ({ correlationId, receivedAt }: RequestContext): EventMetadata => ({
  $correlationId: correlationId,
  $causationId: correlationId,
  source: 'ingestion',
  received_at: new Date(receivedAt).toISOString(),
  schema: SCHEMA,
});
