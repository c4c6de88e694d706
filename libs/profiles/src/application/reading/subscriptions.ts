import type { BrazeId, JsonObject, SubscriptionGroupCreated, UserSubscriptions } from '@hearth/contracts';
import { readGroupId } from '@hearth/workspace';
import type { RefusedRequest, AskedUser } from '../../domain/export/export-ids-request.ts';
import type { AskedSubscribers } from '../../domain/export/subscriptions-request.ts';
import { findUsers } from './find-users.ts';
import type { ReadingPorts, ReadOptions } from './ports.ts';

/** States as the public API spells them (user-data API §17). */
const SHOWN = { subscribed: 'Subscribed', unsubscribed: 'Unsubscribed' } as const;
const UNKNOWN = 'unknown';

const INVALID_GROUP: RefusedRequest = { refused: 'Invalid subscription group ID' };

type Groups = ReadingPorts['workspace']['current']['groups'];

/** The group of an id; undefined where there is none. While no group is defined, every UUID is one, of emails. */
const groupOf = (groups: Groups, sent: string): Omit<SubscriptionGroupCreated, 'id'> | undefined => {
  const id = readGroupId(sent, groups);
  return id === undefined ? undefined : (groups.get(id) ?? { name: id, channel: 'email' });
};

const readUsers = (ports: ReadingPorts) => {
  const { queries, timeoutMs } = ports;
  const find = findUsers(ports);
  const readUser = async (braze_id: BrazeId): Promise<UserSubscriptions | null> =>
    (await queries.askOwnerOf(braze_id, { query: 'subscriptions', braze_id }, { timeoutMs })).user;

  /** The users that each of the asked identifiers names. */
  return async (
    asked: readonly AskedUser[],
    read: ReadOptions,
  ): Promise<readonly ReadonlyMap<BrazeId, UserSubscriptions>[]> =>
    Promise.all(
      asked.map(async ({ lookups }) => {
        const ids = await find(lookups, read);
        const users = await Promise.all(ids.map(readUser));
        return new Map(ids.flatMap((id, index) => (users[index] ? [[id, users[index]] as const] : [])));
      }),
    );
};

/**
 * The state of users in one group, by the identifiers as they were asked for. With external ids, emails and phones are not
 * looked at. A user without a state, or no user at all, is `unknown`.
 */
export const subscriptionStatus = (ports: ReadingPorts) => {
  const users = readUsers(ports);
  return async (
    sentGroup: string | undefined,
    { external_id, email, phone }: AskedSubscribers,
    read: ReadOptions,
  ): Promise<RefusedRequest | { readonly status: Readonly<Record<string, string>> }> => {
    const groupId = readGroupId(sentGroup, ports.workspace.current.groups);
    if (groupId === undefined) return INVALID_GROUP;
    const asked = external_id.length > 0 ? external_id : [...email, ...phone];
    const found = await users(asked, read);
    const stateOf = (named: ReadonlyMap<BrazeId, UserSubscriptions>): string => {
      const states = [...named.values()].flatMap((user) => user.groups[groupId] ?? []);
      return states[0] === undefined ? UNKNOWN : SHOWN[states[0]];
    };
    return { status: Object.fromEntries(asked.map(({ name }, index) => [name, stateOf(found[index]!)])) };
  };
};

/**
 * A page of users with the groups that they ever had a state in; each user once, in the order asked. Groups that the
 * workspace does not have are left out.
 */
export const userSubscriptions = (ports: ReadingPorts) => {
  const users = readUsers(ports);
  return async (
    { external_id, email, phone }: AskedSubscribers,
    { limit, offset }: { readonly limit: number; readonly offset: number },
    read: ReadOptions,
  ): Promise<{ readonly users: readonly JsonObject[]; readonly total_count: number }> => {
    const found = await users([...external_id, ...email, ...phone], read);
    const everybody = [...new Map(found.flatMap((named) => [...named])).values()];
    const { groups: definitions } = ports.workspace.current;
    const shown = everybody.slice(offset, offset + limit).map(({ groups, ...user }) => ({
      ...user,
      subscription_groups: Object.entries(groups).flatMap(([id, state]) => {
        const group = groupOf(definitions, id);
        return group ? [{ id, name: group.name, channel: group.channel, status: SHOWN[state] }] : [];
      }),
    }));
    return { users: shown, total_count: everybody.length };
  };
};
