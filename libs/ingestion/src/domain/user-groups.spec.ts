import type { Identifier } from '@hearth/contracts';
import type { UserCommand } from '@hearth/users';
import { describe, expect, it } from 'vitest';

import { groupByUser, identifiersOf } from './user-groups.ts';

const external: Identifier = { kind: 'external_id', value: 'a' };
const alias: Identifier = { kind: 'user_alias', value: { alias_label: 'l', alias_name: 'n' } };
const record = (name: string): UserCommand => ({
  type: 'RecordCustomEvent',
  data: { name, time: '2026-01-01T00:00:00.000Z' },
});
const write = (identifier: Identifier, name: string, updateExistingOnly = false) => ({
  identifier,
  updateExistingOnly,
  commands: [record(name)],
});
const namesOf = (commands: readonly UserCommand[]) =>
  commands.map((command) => (command.data as { name: string }).name);

describe('grouping the writes of a request by user', () => {
  it('gathers what different identifiers of one user ask, in the order of the request', () => {
    const writes = [write(external, 'first'), write(alias, 'second'), write(external, 'third')];
    const { groups, absent } = groupByUser(
      [0, 1, 2],
      writes,
      () => ({ kind: 'existing', brazeId: 'u' }) as const,
    );
    expect(groups).toHaveLength(1);
    expect(namesOf(groups[0]!.commands)).toEqual(['first', 'second', 'third']);
    expect(absent).toEqual([]);
  });
  it('drops an update-only write that comes before the one that creates the user, and keeps one after it', () => {
    const writes = [write(alias, 'too early', true), write(alias, 'creates'), write(alias, 'updates', true)];
    const { groups, absent } = groupByUser([0, 1, 2], writes, () => ({ kind: 'new', brazeId: 'u' }) as const);
    expect(namesOf(groups[0]!.commands)).toEqual(['creates', 'updates']);
    expect(absent).toEqual([0]);
  });
  it('has no group where nobody is found', () => {
    expect(groupByUser([0], [write(alias, 'x', true)], () => undefined)).toEqual({ groups: [], absent: [0] });
  });
  it('asks once for each identifier, and may create where any of its writes may', () => {
    expect(identifiersOf([0, 1], [write(alias, 'x', true), write(alias, 'y')])).toEqual([
      { identifier: alias, create: true, indices: [0, 1] },
    ]);
  });
});
