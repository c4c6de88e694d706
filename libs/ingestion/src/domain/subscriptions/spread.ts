import type { GroupChannel, Operation, SpreadGroup, UserEvent } from '@hearth/contracts';
import type { ActiveProfile, Profile } from '@hearth/profiles';
import type { UserCommand } from '@hearth/users';

type Spread = Extract<Operation, { kind: 'spread_subscriptions' }>;

/** The states that some commands set and that belong to an address, each with the kind of that address. */
export type SubscriptionChanges = Pick<Spread, 'email_subscribe' | 'groups'>;

/** The kinds of addresses, by what is sent to them. */
export const ADDRESS_OF = { email: 'email', sms: 'phone' } as const satisfies Record<
  GroupChannel,
  'email' | 'phone'
>;

/** What subscription groups send to, by their ids; null where nobody has created one. */
export type GroupChannels = ReadonlyMap<string, GroupChannel> | null;

/** A group whose channel is not known is one of emails, as the documentation's are. */
const channelOf = (id: string, channels: GroupChannels): GroupChannel => channels?.get(id) ?? 'email';

/**
 * What commands to a user mean for everybody with the same address (user-data API §7.2). Of several states in one group the
 * last holds.
 */
export const subscriptionChanges = (
  commands: readonly UserCommand[],
  channels: GroupChannels,
): SubscriptionChanges => {
  let emailSubscribe: string | null | undefined;
  const groups = new Map<string, SpreadGroup>();
  for (const command of commands)
    if (command.type === 'ChangeSubscriptionGroup') {
      const id = command.data.subscription_group_id;
      groups.set(id, { ...command.data, channel: channelOf(id, channels) });
    } else if (command.type === 'UpdateAttributes' && command.data.fields?.email_subscribe !== undefined)
      emailSubscribe = command.data.fields.email_subscribe;
  return {
    ...(emailSubscribe !== undefined && { email_subscribe: emailSubscribe }),
    groups: [...groups.values()],
  };
};

/** The channels whose addresses some changes belong to. */
export const channelsOf = ({ email_subscribe, groups }: SubscriptionChanges): readonly GroupChannel[] => {
  const channels = new Set(groups.map(({ channel }) => channel));
  if (email_subscribe !== undefined) channels.add('email');
  return [...channels];
};

/** What a user with one of these addresses has to meet: nothing, where it stands in these states already. */
export const eventsToSpread = (
  { email_subscribe, groups }: SubscriptionChanges,
  addresses: { readonly email?: string; readonly phone?: string },
  profile: Profile,
): readonly UserEvent[] => {
  if (profile.status !== 'active') return [];
  const shares = (channel: GroupChannel): boolean => {
    const kind = ADDRESS_OF[channel];
    return addresses[kind] !== undefined && profile.fields[kind] === addresses[kind];
  };
  const events: UserEvent[] = [];
  if (
    email_subscribe !== undefined &&
    shares('email') &&
    (profile.fields.email_subscribe ?? null) !== email_subscribe
  )
    events.push({ type: 'AttributesUpdated', data: { fields: { email_subscribe } } });
  for (const { channel, ...group } of groups)
    if (shares(channel) && stateIn(profile, group.subscription_group_id) !== group.subscription_state)
      events.push({ type: 'SubscriptionGroupChanged', data: group });
  return events;
};

/**
 * The states in groups that a merged user brings: consent was given for an address (§7.2), so they come along with the one that
 * their group sends to, where the survivor has none of its own and takes it over.
 */
export const groupsTakenOver = (
  brought: ActiveProfile,
  kept: ActiveProfile,
  channels: GroupChannels,
): NonNullable<ActiveProfile['subscription_groups']> => {
  const takes = (channel: GroupChannel): boolean => {
    const kind = ADDRESS_OF[channel];
    return !kept.fields[kind] && Boolean(brought.fields[kind]);
  };
  return Object.fromEntries(
    Object.entries(brought.subscription_groups ?? {}).filter(([id]) => takes(channelOf(id, channels))),
  );
};

const stateIn = (profile: ActiveProfile, id: string): string | undefined => {
  const groups = profile.subscription_groups;
  return groups !== undefined && Object.hasOwn(groups, id) ? groups[id]?.state : undefined;
};
