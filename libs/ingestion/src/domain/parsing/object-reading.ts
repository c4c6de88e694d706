import type { UserCommand } from '@hearth/users';

import type { ContactFields, Identity } from './identifiers.ts';
import type { TrackObject } from './track-object.ts';
import type { TrackRules } from './track-rules.ts';

/** What one object asks for, beside whom it is about. */
export type ObjectReading = Pick<TrackObject, 'commands' | 'select' | 'changesSubscriptions' | 'gainsTokens'>;

/**
 * The email or phone that an event or purchase carries beside its identifier is written first (user-data API §11.2). Null is an
 * identifier that was not sent: only attributes objects clear a field.
 */
export const afterContact = (
  command: UserCommand,
  { contact }: Identity,
  rules: TrackRules,
): readonly UserCommand[] => {
  const fields = rules.writeSecondaryFromEvents ? sentIn(contact) : undefined;
  return fields ? [{ type: 'UpdateAttributes', data: { fields } }, command] : [command];
};

const sentIn = ({ email = null, phone = null }: ContactFields): ContactFields | undefined =>
  email === null && phone === null
    ? undefined
    : { ...(email !== null && { email }), ...(phone !== null && { phone }) };
