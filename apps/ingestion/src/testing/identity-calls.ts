import type { Json } from '@hearth/contracts';
import type { Ingestion } from '@hearth/ingestion';
import fc from 'fast-check';

import { isContact, type Alias, type Call, type Contact, type Name } from './identity-model.ts';

const TIME = '2026-01-01T00:00:00Z';

const identifierOf = (name: Name): Record<string, Json> =>
  'alias_label' in name ? { user_alias: { ...name } } : { ...name };

/** A name where an address needs to say which of its users is meant. */
const referenceOf = (name: Name, prioritization: readonly string[] = ['most_recently_updated']) => ({
  ...identifierOf(name),
  ...(isContact(name) && { prioritization }),
});

const toDelete = (who: Name): Record<string, Json> => {
  if ('external_id' in who) return { external_ids: [who.external_id] };
  if ('alias_label' in who) return { user_aliases: [{ ...who }] };
  return { ['email' in who ? 'email_addresses' : 'phone_numbers']: [referenceOf(who)] };
};

const toIdentify = (who: Alias | Contact, external_id: string): Record<string, Json> => {
  if ('alias_label' in who) return { aliases_to_identify: [{ external_id, user_alias: { ...who } }] };
  const entry = { external_id, ...referenceOf(who, ['unidentified', 'most_recently_updated']) };
  return { ['email' in who ? 'emails_to_identify' : 'phone_numbers_to_identify']: [entry] };
};

/** The request that asks for a call: its path and its body. */
export const requestOf = (call: Call): { readonly path: string; readonly body: Record<string, Json> } => {
  switch (call.kind) {
    case 'track': {
      const user = { ...identifierOf(call.by), _update_existing_only: false };
      return {
        path: '/users/track',
        body: {
          attributes: [{ ...user, ...call.sets, counter: { inc: 1 } }],
          events: [{ ...user, name: call.event, time: TIME }],
        },
      };
    }
    case 'alias_new': {
      const { alias, external_id } = call;
      const entry = { ...alias, ...(external_id !== undefined && { external_id }) };
      return { path: '/users/alias/new', body: { user_aliases: [entry] } };
    }
    case 'alias_update': {
      const { alias_label, alias_name } = call.alias;
      const update = { alias_label, old_alias_name: alias_name, new_alias_name: call.to };
      return { path: '/users/alias/update', body: { alias_updates: [update] } };
    }
    case 'identify':
      return { path: '/users/identify', body: toIdentify(call.who, call.external_id) };
    case 'merge': {
      const update = {
        identifier_to_merge: referenceOf(call.from),
        identifier_to_keep: referenceOf(call.into),
      };
      return { path: '/users/merge', body: { merge_updates: [update] } };
    }
    case 'rename': {
      const rename = { current_external_id: call.from, new_external_id: call.to };
      return { path: '/users/external_ids/rename', body: { external_id_renames: [rename] } };
    }
    case 'remove':
      return { path: '/users/external_ids/remove', body: { external_ids: [call.external_id] } };
    case 'delete':
      return { path: '/users/delete', body: toDelete(call.who) };
  }
};

/** The use case behind a path. */
export const useCaseOf = (ingestion: Ingestion, path: string): Ingestion['identity']['merge'] => {
  const { identity } = ingestion;
  const cases: Readonly<Record<string, unknown>> = {
    '/users/track': ingestion.track,
    '/users/alias/new': identity.newAliases,
    '/users/alias/update': identity.updateAliases,
    '/users/identify': identity.identify,
    '/users/merge': identity.merge,
    '/users/external_ids/rename': identity.renameExternalIds,
    '/users/external_ids/remove': identity.removeExternalIds,
    '/users/delete': identity.deleteUsers,
  };
  return cases[path] as Ingestion['identity']['merge'];
};

/** Whether an answer says that its one entry was refused. */
export const isRefusal = (reply: object): boolean =>
  ['rename_errors', 'removal_errors'].some((field) => {
    const errors = (reply as Record<string, unknown>)[field];
    return Array.isArray(errors) && errors.length > 0;
  });

/** Calls over so few names that they meet. Events are named by `track` alone: each is sent once. */
export const arbitraryCall = (): fc.Arbitrary<Call> => {
  const externalId = fc.constantFrom('x', 'y', 'z');
  const alias: fc.Arbitrary<Alias> = fc.record({
    alias_label: fc.constantFrom('l', 'm'),
    alias_name: fc.constantFrom('a', 'b'),
  });
  const contact: fc.Arbitrary<Contact> = fc.oneof(
    fc.record({ email: fc.constantFrom('a@example.com', 'b@example.com') }),
    fc.record({ phone: fc.constant('+12025550123') }),
  );
  const name: fc.Arbitrary<Name> = fc.oneof(fc.record({ external_id: externalId }), alias, contact);
  const otherName = fc.constantFrom('a', 'b', 'c');
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .record({
          kind: fc.constant('track' as const),
          by: name,
          event: fc.constant(''),
          sets: fc.option(contact, { nil: undefined, freq: 3 }),
        })
        .map(({ by, sets, ...call }) => (isContact(by) ? { ...call, by } : { ...call, by, sets })),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('alias_new' as const),
        alias,
        external_id: fc.option(externalId, { nil: undefined }),
      }),
    },
    fc
      .record({ kind: fc.constant('alias_update' as const), alias, to: otherName })
      .filter((call) => call.alias.alias_name !== call.to),
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('identify' as const),
        who: fc.oneof(alias, contact),
        external_id: externalId,
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('merge' as const), from: name, into: name }) },
    fc
      .record({ kind: fc.constant('rename' as const), from: externalId, to: externalId })
      .filter(({ from, to }) => from !== to),
    fc.record({ kind: fc.constant('remove' as const), external_id: externalId }),
    fc.record({ kind: fc.constant('delete' as const), who: name }),
  );
};
