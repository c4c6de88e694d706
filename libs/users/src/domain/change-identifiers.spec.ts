import type { ClaimableIdentifier, UserEvent } from '@hearth/contracts';
import { expect, it, describe } from 'vitest';

import { changeIdentifiers, type Names } from './change-identifiers.ts';

const externalId = (value: string): ClaimableIdentifier => ({ kind: 'external_id', value });
const alias = (label: string, name: string): ClaimableIdentifier => ({
  kind: 'user_alias',
  value: { alias_label: label, alias_name: name },
});
const added = (identifier: ClaimableIdentifier): UserEvent => ({
  type: 'IdentifierAdded',
  data: { identifier },
});
const removed = (identifier: ClaimableIdentifier): UserEvent => ({
  type: 'IdentifierRemoved',
  data: { identifier },
});
const user: Names = {
  external_ids: ['older', 'old', 'now'],
  user_aliases: [{ alias_label: 'crm', alias_name: '1' }],
};

describe('a change of identifiers', () => {
  it.each<[string, Parameters<typeof changeIdentifiers>[0], readonly UserEvent[]]>([
    ['adds an alias', { add: [alias('shop', '2')], remove: [] }, [added(alias('shop', '2'))]],
    ['adds nothing twice', { add: [alias('crm', '1')], remove: [] }, []],
    [
      'replaces the name under a label',
      { add: [alias('crm', '2')], remove: [alias('crm', '1')] },
      [removed(alias('crm', '1')), added(alias('crm', '2'))],
    ],
    [
      'removes a deprecated external id',
      { add: [], remove: [externalId('older')] },
      [removed(externalId('older'))],
    ],
    [
      'adds a new primary external id to the one expected',
      { add: [externalId('next')], remove: [], primary: 'now' },
      [added(externalId('next'))],
    ],
    ['is nothing when sent again', { add: [externalId('now')], remove: [], primary: 'old' }, []],
  ])('%s', (_what, change, events) => expect(changeIdentifiers(change, user)).toEqual(events));

  it.each<[string, Parameters<typeof changeIdentifiers>[0], string]>([
    ['a second name under one label', { add: [alias('crm', '2')], remove: [] }, 'label_taken'],
    ['the removal of the primary id', { add: [], remove: [externalId('now')] }, 'is_primary'],
    ['the removal of an id of nobody', { add: [], remove: [externalId('x')] }, 'not_named_so'],
    ['a rename of a deprecated id', { add: [externalId('x')], remove: [], primary: 'old' }, 'other_primary'],
    [
      'a first id for somebody who has one',
      { add: [externalId('x')], remove: [], primary: null },
      'other_primary',
    ],
  ])('refuses %s', (_what, change, rejected) =>
    expect(changeIdentifiers(change, user)).toMatchObject({ rejected }),
  );
});
