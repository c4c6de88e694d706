/** A request whose effect shows in the log: `event` is what it records, once, and only while its user is not deleted. */
export interface KeyedRequest {
  readonly path: string;
  readonly body: object;
  readonly event?: 'kept' | 'may_be_erased';
}

/** A number from 0 up to 1. */
export type Random = () => number;

const USERS = 12;
const LEAVERS = 3;

const pick = (random: Random, of: number): number => Math.floor(random() * of);
const user = (random: Random): string => `user ${pick(random, USERS)}`;
/** Users who are deleted now and then, and never merged: what others recorded is never erased. */
const leaver = (random: Random): string => `leaver ${pick(random, LEAVERS)}`;
const alias = (random: Random) => ({ alias_label: 'l', alias_name: `alias ${pick(random, USERS)}` });

const recorded = (who: object, name: string): object => ({
  events: [{ ...who, name, time: '2026-01-01T00:00:00Z', _update_existing_only: false }],
});

type Kind = (random: Random, name: string) => KeyedRequest;

const tracked: Kind = (random, name) => ({
  path: '/users/track',
  body: recorded(random() < 0.3 ? { user_alias: alias(random) } : { external_id: user(random) }, name),
  event: 'kept',
});
const trackedSync: Kind = (random, name) => ({ ...tracked(random, name), path: '/users/track/sync' });

/** Every kind of write, as often among so many as it stands here. */
const kinds: readonly (readonly [times: number, Kind])[] = [
  [30, tracked],
  [25, trackedSync],
  [
    5,
    (random, name) => ({
      path: '/users/track',
      body: recorded({ external_id: leaver(random) }, name),
      event: 'may_be_erased',
    }),
  ],
  [3, (random) => ({ path: '/users/delete', body: { external_ids: [leaver(random)] } })],
  [
    8,
    (random) => ({
      path: '/users/alias/new',
      body: { user_aliases: [{ external_id: user(random), ...alias(random) }] },
    }),
  ],
  [
    5,
    (random) => {
      const { alias_label, alias_name } = alias(random);
      const update = { alias_label, old_alias_name: alias_name, new_alias_name: alias(random).alias_name };
      return { path: '/users/alias/update', body: { alias_updates: [update] } };
    },
  ],
  [
    7,
    (random) => ({
      path: '/users/identify',
      body: { aliases_to_identify: [{ external_id: user(random), user_alias: alias(random) }] },
    }),
  ],
  [
    6,
    (random) => {
      const [from, into] = [user(random), user(random)];
      const update = {
        identifier_to_merge: { external_id: from },
        identifier_to_keep: { external_id: into },
      };
      return { path: '/users/merge', body: { merge_updates: [update] } };
    },
  ],
  [
    6,
    (random) => {
      const rename = { current_external_id: user(random), new_external_id: `${user(random)} renamed` };
      return { path: '/users/external_ids/rename', body: { external_id_renames: [rename] } };
    },
  ],
  [5, (random) => ({ path: '/users/external_ids/remove', body: { external_ids: [user(random)] } })],
];

const ALL: readonly Kind[] = kinds.flatMap(([times, kind]) => Array.from({ length: times }, () => kind));

/** Some write about few users, who meet in all ways; `name` is what the event is called that it records, if it does. */
export const keyedRequest: Kind = (random, name) => ALL[pick(random, ALL.length)]!(random, name);
