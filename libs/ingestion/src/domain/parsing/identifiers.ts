import { isJsonObject, type Identifier, type Json, type JsonObject, type UserAlias } from '@hearth/contracts';

import { parseEmail } from './email-addresses.ts';
import { refusals, type Refusal } from './errors.ts';
import { MAX_CHARS, MAX_EXTERNAL_ID_BYTES } from './limits.ts';
import { parsePhone } from './phone-numbers.ts';
import type { Writable } from './profile-fields.ts';
import { isLonger } from './text-length.ts';
import type { TrackRules } from './track-rules.ts';
import { isSafeText } from './unsafe-values.ts';
import { utf8Bytes } from './utf8-bytes.ts';

/** The identifier of an object in the spelling of the request: the one key that a sync answer repeats (user-data API §6.2). */
export type IdentifierEcho =
  | { readonly external_id: string }
  | { readonly user_alias: UserAlias }
  | { readonly braze_id: string }
  | { readonly email: string }
  | { readonly phone: string };

/** An email or phone that did not serve to look up the profile, and so is data to be written to it (§11.2). */
export interface ContactFields {
  readonly email?: string | null;
  readonly phone?: string | null;
}

/** Whom an object is about. */
export interface Identity {
  readonly identifier: Identifier;
  readonly echo: IdentifierEcho;
  readonly updateExistingOnly: boolean;
  readonly contact: ContactFields;
}

/** The email and phone of an object that is about nobody in particular: an import of push tokens (§7.3). */
export const readContact = (object: JsonObject, rules: TrackRules): ContactFields | Refusal => {
  const email = readEmail(object['email']);
  if (typeof email === 'string') return email;
  const phone = readPhone(object['phone'], rules);
  if (typeof phone === 'string') return phone;
  return { ...(email && { email: email.value! }), ...(phone && { phone: phone.value ?? phone.sent }) };
};

/** Reads whom an object is about, and what of email and phone is left to be written (§11.2, §11.4, §11.5). */
export const readIdentity = (object: JsonObject, rules: TrackRules): Identity | Refusal => {
  const primary = readPrimary(object, rules);
  if (typeof primary === 'string') return primary;
  const email = readEmail(object['email']);
  if (typeof email === 'string') return email;
  const phone = readPhone(object['phone'], rules);
  if (typeof phone === 'string') return phone;

  const found = primary ?? byEmail(email) ?? byPhone(phone);
  if (found === undefined) return refusals.identifierRequired;
  if (typeof found === 'string') return found;
  const updateExistingOnly = readUpdateExistingOnly(object['_update_existing_only'], found.identifier.kind);
  if (typeof updateExistingOnly === 'string') return updateExistingOnly;

  if (email === undefined && phone === undefined) return identityOf(found, updateExistingOnly, NO_CONTACT);
  const contact: Writable<ContactFields> = {};
  if (email !== undefined && found.identifier.kind !== 'email') contact.email = email && email.value;
  if (phone !== undefined && found.identifier.kind !== 'phone')
    contact.phone = phone && (phone.value ?? phone.sent);
  return identityOf(found, updateExistingOnly, contact);
};

const NO_CONTACT: ContactFields = {};

const identityOf = (
  { identifier, echo }: Found,
  updateExistingOnly: boolean,
  contact: ContactFields,
): Identity => ({ identifier, echo, updateExistingOnly, contact });

/** An identifier as read, and as it was sent. */
export interface Found {
  readonly identifier: Identifier;
  readonly echo: IdentifierEcho;
}

/** Whether an identifier field counts as present: null and the empty string do not (§11.2). */
export const isPresent = (value: Json | undefined): value is Json =>
  value !== undefined && value !== null && value !== '';

const readPrimary = (object: JsonObject, rules: TrackRules): Found | Refusal | undefined => {
  const { external_id: externalId, user_alias: alias, braze_id: brazeId } = object;
  const present = Number(isPresent(externalId)) + Number(isPresent(alias)) + Number(isPresent(brazeId));
  if (present > 1 && rules.strictPrimary) return refusals.severalPrimaries;
  if (isPresent(externalId)) return readExternalId(externalId, rules);
  if (isPresent(alias)) return readAlias(alias);
  return isPresent(brazeId) ? readBrazeId(brazeId) : undefined;
};

/** Reads an external_id; a number counts as its digits (§11.2). */
export const readExternalId = (sent: Json, rules: TrackRules): Found | Refusal => {
  // Some clients send numbers. One beyond 2^53 has lost digits on the way and would name somebody else.
  const value = typeof sent === 'number' && Number.isSafeInteger(sent) ? String(sent) : sent;
  if (typeof value !== 'string' || !isSafeText(value)) return refusals.invalid('external_id');
  if (value.length > MAX_EXTERNAL_ID_BYTES || utf8Bytes(value) > MAX_EXTERNAL_ID_BYTES)
    return refusals.externalIdTooLong;
  if (rules.blockedExternalIds.has(value)) return refusals.externalIdBlocked;
  return { identifier: { kind: 'external_id', value }, echo: { external_id: value } };
};

/** What the name and the label of an alias have to be. */
export const isAliasPart = (value: Json | undefined): value is string =>
  typeof value === 'string' && value !== '' && utf8Bytes(value) <= MAX_EXTERNAL_ID_BYTES && isSafeText(value);

/** Reads an alias: both parts are texts that are not empty. */
export const readAlias = (sent: Json): Found | Refusal => {
  if (!isJsonObject(sent)) return refusals.invalid('user_alias');
  const { alias_name, alias_label } = sent;
  if (!isAliasPart(alias_name) || !isAliasPart(alias_label)) return refusals.invalid('user_alias');
  const value: UserAlias = { alias_name, alias_label };
  return { identifier: { kind: 'user_alias', value }, echo: { user_alias: value } };
};

const BRAZE_ID = /^[0-9a-f]{24}$/i;

/** Reads a braze_id, in either case. */
export const readBrazeId = (sent: Json): Found | Refusal =>
  typeof sent === 'string' && BRAZE_ID.test(sent)
    ? { identifier: { kind: 'braze_id', value: sent.toLowerCase() }, echo: { braze_id: sent } }
    : refusals.invalid('braze_id');

interface Contact {
  readonly sent: string;
  /** Absent for a phone that cannot be parsed: it is kept as text and names nobody (§11.5). */
  readonly value?: string;
}

/** Null clears the address of a profile that something else names; an invalid one refuses the object (§7.1). */
const readEmail = (sent: Json | undefined): Contact | null | undefined | Refusal => {
  if (sent === null) return null;
  if (!isPresent(sent)) return undefined;
  const value = typeof sent === 'string' ? parseEmail(sent) : undefined;
  return typeof sent === 'string' && value !== undefined ? { sent, value } : refusals.email;
};

const readPhone = (sent: Json | undefined, rules: TrackRules): Contact | null | undefined | Refusal => {
  if (sent === null) return null;
  if (!isPresent(sent)) return undefined;
  if (typeof sent !== 'string' || isLonger(sent, MAX_CHARS)) return refusals.invalid('phone');
  const value = parsePhone(sent, rules.phoneRegion);
  return value === undefined ? { sent } : { sent, value };
};

const byEmail = (email: Contact | null | undefined): Found | undefined =>
  email?.value === undefined
    ? undefined
    : { identifier: { kind: 'email', value: email.value }, echo: { email: email.sent } };

const byPhone = (phone: Contact | null | undefined): Found | Refusal | undefined => {
  if (!phone) return undefined;
  if (phone.value === undefined) return refusals.invalid('phone');
  return { identifier: { kind: 'phone', value: phone.value }, echo: { phone: phone.sent } };
};

/** Aliases are looked up only, unless the object says otherwise; a braze_id never makes a profile (§11.1, §11.4). */
const readUpdateExistingOnly = (sent: Json | undefined, kind: Identifier['kind']): boolean | Refusal => {
  if (sent !== undefined && sent !== null && typeof sent !== 'boolean')
    return refusals.invalid('_update_existing_only');
  return kind === 'braze_id' || (sent ?? kind === 'user_alias');
};
