import {
  userStream,
  type BrazeId,
  type ClaimableIdentifier,
  type Identifier,
  type IdentityEvent,
} from '@hearth/contracts';
import { identityKeys, keyedHashWith } from '@hearth/ingestion';
import type { ReadableLog } from '@hearth/log-archive';

import { Failure } from '../failure.ts';
import { formatIdentifier } from './parse-identifier.ts';

export type Contact = Extract<Identifier, { readonly kind: 'email' | 'phone' }>;

/** Everybody who has an email or phone now. */
export type FindByContact = (contact: Contact) => Promise<readonly BrazeId[]>;

export interface FindUserPorts {
  readonly log: ReadableLog;
  /** The deployment's secret. Asked for only where an identifier needs it. */
  readonly secret: () => string;
  readonly findByContact: FindByContact;
}

/**
 * Whom an identifier names now, read from the log: claims for an external_id or alias, the profiles for an email or
 * phone, which several users may have. Throws `Failure` where it names nobody, or more than one.
 */
export const findUser = async (ports: FindUserPorts, identifier: Identifier): Promise<BrazeId> => {
  switch (identifier.kind) {
    case 'braze_id':
      return (await exists(ports, identifier.value)) ? identifier.value : nobody(identifier);
    case 'external_id':
    case 'user_alias':
      return (await claimant(ports, identifier)) ?? nobody(identifier);
    case 'email':
    case 'phone': {
      const [found, ...others] = await ports.findByContact(identifier);
      if (found === undefined) return nobody(identifier);
      if (others.length === 0) return found;
      throw new Failure(
        `${others.length + 1} users have ${formatIdentifier(identifier)}; choose one: ` +
          [found, ...others]
            .slice(0, 20)
            .map((brazeId) => `braze_id:${brazeId}`)
            .join(', '),
      );
    }
  }
};

const nobody = (identifier: Identifier): never => {
  throw new Failure(`no user is known by ${formatIdentifier(identifier)}`);
};

const exists = async ({ log }: FindUserPorts, brazeId: BrazeId): Promise<boolean> =>
  (await log.readStream(userStream(brazeId), { limit: 1 })).events.length > 0;

const claimant = async (
  ports: FindUserPorts,
  identifier: ClaimableIdentifier,
): Promise<BrazeId | undefined> => {
  const keys = identityKeys(keyedHashWith(ports.secret()));
  const { events } = await ports.log.readStream(keys.streamOf(identifier), {
    direction: 'backwards',
    limit: 1,
  });
  const last = events[0];
  const claim = last as unknown as IdentityEvent | undefined;
  // A user can be there before its claim: whoever writes to it next completes that.
  const brazeId =
    claim?.type === 'IdentifierClaimed'
      ? claim.data.braze_id
      : keys.brazeIdOf(identifier, (last?.revision ?? -1) + 1);
  return (await exists(ports, brazeId)) ? brazeId : undefined;
};
