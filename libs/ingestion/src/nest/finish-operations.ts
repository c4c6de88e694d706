import type { Service } from '@hearth/nest-kit';

import { followOperations } from '../application/identity/follow-operations.ts';
import type { Ingestion } from '../application/ingestion.ts';
import type { IngestionPorts } from '../application/ports.ts';

/** Finishes what earlier processes and other instances left half done, at the start and as long as the service runs. */
export const finishOperations = (
  { identity }: Pick<Ingestion, 'identity'>,
  { store, clock, timeoutMs }: Pick<IngestionPorts, 'store' | 'clock' | 'timeoutMs'>,
  { lifecycle, logger }: Pick<Service, 'lifecycle' | 'logger'>,
): void => {
  const follower = followOperations({
    store,
    clock,
    timeoutMs,
    operations: identity.operations,
    onFailure: (err, stream) => logger.warn({ err, stream }, 'an operation is not finished yet'),
  });
  lifecycle.onStop('close', 'operations', () => follower.stop());
};
