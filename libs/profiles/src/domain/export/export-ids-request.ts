import { isJsonObject, type AsOf, type Json, type UserLookup } from '@hearth/contracts';
import { parseAsOf } from './as-of.ts';

/** One identifier of a request: what it may stand for in the read model, and what it is called in `invalid_user_ids`. */
export interface AskedUser {
  readonly lookups: readonly UserLookup[];
  readonly name: string;
}

export interface ExportIdsRequest {
  readonly users: readonly AskedUser[];
  readonly fields: readonly string[] | undefined;
  readonly as_of: AsOf | undefined;
}

/** Why a request is refused as a whole: a 400 with this message. */
export interface RefusedRequest {
  readonly refused: string;
}

/** External ids and aliases together (user-data API §13.1). */
const MAX_LISTED = 50;
const TOO_MANY = 'The max number of external_ids and aliases per request was exceeded';
const NOTHING =
  "'external_ids', 'user_aliases', 'device_id', 'braze_id', 'email_address' or 'phone' is required";

const notValid = (field: string): RefusedRequest => ({ refused: `'${field}' is not valid` });
export const isRefused = <Value extends object>(value: Value | RefusedRequest): value is RefusedRequest =>
  'refused' in value;

/** Reads the body of an export by identifiers (user-data API §13.1); null and empty texts count as absent. */
export const parseExportIds = (body: Json): ExportIdsRequest | RefusedRequest => {
  if (!isJsonObject(body)) return { refused: NOTHING };
  const externalIds = listOf(withoutNulls(body['external_ids']), externalIdOf);
  if (externalIds === undefined) return notValid('external_ids');
  const aliases = listOf(body['user_aliases'], aliasOf);
  if (aliases === undefined) return notValid('user_aliases');
  if (externalIds.length + aliases.length > MAX_LISTED) return { refused: TOO_MANY };

  const users = [...externalIds, ...aliases];
  for (const [field, lookupsOf] of single) {
    const value = body[field];
    if (value === undefined || value === null || value === '') continue;
    if (typeof value !== 'string') return notValid(field);
    users.push({ lookups: lookupsOf(value), name: value });
  }
  if (users.length === 0) return { refused: NOTHING };

  const fields = listOf(body['fields_to_export'], (name) => (typeof name === 'string' ? name : undefined));
  if (fields === undefined) return notValid('fields_to_export');
  const asOf = body['as_of'] ?? undefined;
  const moment = typeof asOf === 'string' ? parseAsOf(asOf) : undefined;
  if (asOf !== undefined && moment === undefined) return notValid('as_of');
  if (moment !== undefined && users.length > 1) return severalAsOf;
  return { users, fields: (body['fields_to_export'] ?? null) === null ? undefined : fields, as_of: moment };
};

/** A moment is shown of one user at a time. */
export const severalAsOf: RefusedRequest = { refused: "'as_of' is for one user: name no other beside it" };

/** Lists of ids come out of databases, where one may be missing. */
const withoutNulls = (value: Json | undefined): Json | undefined =>
  Array.isArray(value) ? (value as readonly Json[]).filter((item) => item !== null) : value;

/** Undefined where the value is no list, or one of its items is not what it has to be. Absent is empty. */
const listOf = <Item>(
  value: Json | undefined,
  read: (item: Json) => Item | undefined,
): Item[] | undefined => {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return undefined;
  const items = (value as readonly Json[]).map(read);
  return items.every((item) => item !== undefined) ? (items as Item[]) : undefined;
};

/** Whole numbers name users as well, as in the requests that write (user-data API §11.2). */
const externalIdOf = (item: Json): AskedUser | undefined => {
  const value = typeof item === 'number' && Number.isSafeInteger(item) ? String(item) : item;
  return typeof value === 'string' && value !== ''
    ? { lookups: [{ kind: 'external_id', value }], name: value }
    : undefined;
};

const aliasOf = (item: Json): AskedUser | undefined => {
  if (!isJsonObject(item)) return undefined;
  const { alias_name, alias_label } = item;
  if (typeof alias_name !== 'string' || typeof alias_label !== 'string') return undefined;
  return {
    lookups: [{ kind: 'user_alias', value: { alias_name, alias_label } }],
    name: alias_name,
  };
};

const single: readonly (readonly [string, (value: string) => readonly UserLookup[]])[] = [
  ['device_id', (value) => [{ kind: 'device_id', value }]],
  ['braze_id', (value) => [{ kind: 'braze_id', value }]],
  ['email_address', (value) => [emailLookup(value)]],
  ['phone', (value) => phoneLookups(value)],
];

/** Emails are stored in lower case. */
export const emailLookup = (text: string): UserLookup => ({
  kind: 'email',
  value: text.trim().toLowerCase(),
});

/**
 * A phone as sent, and as a number with its plus, which may be missing or have become a space on its way through a query
 * string. What was stored as no number at all is found as sent.
 */
export const phoneLookups = (text: string): readonly UserLookup[] => {
  const number = `+${text.replace(/[\s().\-/]/g, '').replace(/^\+/, '')}`;
  return [...new Set([text, number])].map((value) => ({ kind: 'phone', value }));
};
