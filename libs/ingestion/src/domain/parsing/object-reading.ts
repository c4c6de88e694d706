import type { UserCommand } from '@hearth/users';

import type { ContactFields, Identity } from './identifiers.ts';
import type { TrackObject } from './track-object.ts';
import type { TrackRules } from './track-rules.ts';

/** What one object asks for, beside whom it is about. */
export type ObjectReading = Pick<TrackObject, 'commands' | 'select' | 'changesSubscriptions' | 'gainsTokens'>;

/** The email or phone that an event or purchase carries beside its identifier is written first (user-data API §11.2). */
export const afterContact = (
  command: UserCommand,
  { contact }: Identity,
  rules: TrackRules,
): readonly UserCommand[] =>
  rules.writeSecondaryFromEvents && hasAny(contact)
    ? [{ type: 'UpdateAttributes', data: { fields: contact } }, command]
    : [command];

const hasAny = ({ email, phone }: ContactFields): boolean => email !== undefined || phone !== undefined;
