import type { Identifier, Json } from '@hearth/contracts';

import { parseEmail } from '../parsing/email-addresses.ts';
import { refusals, type Refusal } from '../parsing/errors.ts';
import { parsePhone } from '../parsing/phone-numbers.ts';
import type { TrackRules } from '../parsing/index.ts';
import { readPrioritization, type Priority } from './prioritization.ts';

/** Names one existing user. An email or phone may name many: the prioritization says which of them is meant. */
export type UserReference =
  | { readonly identifier: Exclude<Identifier, { kind: 'email' | 'phone' }> }
  | { readonly identifier: ContactIdentifier; readonly prioritization: readonly Priority[] };

export type ContactIdentifier = Extract<Identifier, { kind: 'email' | 'phone' }>;

/** Reads an email as an identifier. */
export const readEmailIdentifier = (sent: Json | undefined): ContactIdentifier | Refusal => {
  if (sent === undefined || sent === null || sent === '') return refusals.required('email');
  const value = typeof sent === 'string' ? parseEmail(sent) : undefined;
  return value === undefined ? refusals.email : { kind: 'email', value };
};

/** Reads a phone number as an identifier. */
export const readPhoneIdentifier = (
  sent: Json | undefined,
  { phoneRegion }: Pick<TrackRules, 'phoneRegion'>,
): ContactIdentifier | Refusal => {
  if (sent === undefined || sent === null || sent === '') return refusals.required('phone');
  const value = typeof sent === 'string' ? parsePhone(sent, phoneRegion) : undefined;
  return value === undefined ? refusals.invalid('phone') : { kind: 'phone', value };
};

/** Reads an email or phone with the prioritization that has to come with it. */
export const readContactReference = (
  identifier: ContactIdentifier | Refusal,
  prioritization: Json | undefined,
  known?: readonly Priority[],
): UserReference | Refusal => {
  if (typeof identifier === 'string') return identifier;
  const read = readPrioritization(prioritization, known);
  return typeof read === 'string' ? read : { identifier, prioritization: read };
};
