import { DEPLOYMENT_STREAM, type DeploymentInitialised } from '@hearth/contracts';
import { WrongExpectedRevision, type EventStore } from '@hearth/eventing';

import { metadataOf, type Clock } from './ports.ts';

/** The log was written under another secret: its identifiers could not be found again. */
export class WrongSecret extends Error {
  override readonly name = 'WrongSecret';
  readonly code = 'wrong_secret';
}

/**
 * Binds the log to the secret at first start and checks it at every later one. Throws `WrongSecret` where they do not match:
 * under another secret every known identifier would look new.
 */
export const bindDeployment = async (
  { store, clock, newId }: { store: EventStore; clock: Clock; newId: () => string },
  secretFingerprint: string,
): Promise<void> => {
  const now = clock.now();
  const correlationId = newId();
  const data: DeploymentInitialised = { secret_fingerprint: secretFingerprint };
  try {
    const recorded = await readFingerprint(store);
    if (recorded === undefined)
      await store.append(
        DEPLOYMENT_STREAM,
        [
          {
            id: newId(),
            type: 'DeploymentInitialised',
            data,
            metadata: metadataOf({ correlationId, receivedAt: now, deadline: now }),
          },
        ],
        { expectedRevision: 'no_stream' },
      );
    else check(recorded, secretFingerprint);
  } catch (error) {
    if (!(error instanceof WrongExpectedRevision)) throw error;
    const recorded = await readFingerprint(store);
    if (recorded === undefined) throw error;
    check(recorded, secretFingerprint);
  }
};

/** The fingerprint of the secret that a log was written under; undefined for an empty log. */
export const readFingerprint = async (store: Pick<EventStore, 'readStream'>): Promise<string | undefined> => {
  const { events } = await store.readStream(DEPLOYMENT_STREAM, { limit: 1 });
  return (events[0]?.data as DeploymentInitialised | undefined)?.secret_fingerprint;
};

const check = (recorded: string, own: string): void => {
  if (recorded !== own)
    throw new WrongSecret(
      `The log was written under the secret with fingerprint ${recorded}, but this start has ${own}. ` +
        'Set HEARTH_SECRET (or restore the secret file in the data folder) to the one the log was written under.',
    );
};
