import type { JsonObject, UserLookup } from '@hearth/contracts';
import { emailLookup, phoneLookups, type AskedUser, type RefusedRequest } from './export-ids-request.ts';

/** Which users a read of subscriptions is about, in the order asked. */
export interface AskedSubscribers {
  readonly external_id: readonly AskedUser[];
  readonly email: readonly AskedUser[];
  readonly phone: readonly AskedUser[];
}

const MAX_IDS = 50;
const TOO_MANY = 'The max number of ids per request was exceeded';
const NOBODY = "'external_id', 'email' or 'phone' is required";

const kinds: Readonly<Record<keyof AskedSubscribers, (value: string) => readonly UserLookup[]>> = {
  external_id: (value) => [{ kind: 'external_id', value }],
  email: (value) => [emailLookup(value)],
  phone: (value) => phoneLookups(value),
};

/** A plus that was not encoded comes out of a query string as a blank. */
const withPlus = (phone: string): string => phone.replace(/^ (?=\d)/, '+');

/**
 * Reads the users of a query string: each kind once (`external_id=1`), repeated, or in the form of a list
 * (`external_id[]=1&external_id[]=2`); at most 50 of each.
 */
export const parseSubscribers = (query: JsonObject): AskedSubscribers | RefusedRequest => {
  const asked = { external_id: [], email: [], phone: [] } as Record<keyof AskedSubscribers, AskedUser[]>;
  for (const [kind, lookupsOf] of Object.entries(kinds) as [
    keyof AskedSubscribers,
    (value: string) => readonly UserLookup[],
  ][]) {
    const names = [query[kind], query[`${kind}[]`]]
      .flat()
      .filter((name) => typeof name === 'string' && name !== '');
    if (names.length > MAX_IDS) return { refused: TOO_MANY };
    asked[kind] = (names as string[]).map((name) => ({
      name: kind === 'phone' ? withPlus(name) : name,
      lookups: lookupsOf(name),
    }));
  }
  return asked.external_id.length + asked.email.length + asked.phone.length === 0
    ? { refused: NOBODY }
    : asked;
};
