import type { WorkspaceEvent } from '@hearth/contracts';
import { isRejection } from '@hearth/eventing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decideWorkspace } from './decide-workspace.ts';
import type { WorkspaceCommand } from './workspace-command.ts';
import { emptyWorkspace, evolveWorkspace, type Workspace } from './workspace.ts';

const GROUP = '2f1b5e36-5f2a-4d1c-9d9c-8b8e2a6ecb6f';
const after = (...commands: readonly WorkspaceCommand[]): Workspace =>
  commands.reduce((workspace, command) => {
    const events = decideWorkspace(command, workspace);
    if (isRejection(events)) throw new Error(events.detail);
    return events.reduce<Workspace>(evolveWorkspace, workspace);
  }, emptyWorkspace);

const app: WorkspaceCommand = { type: 'RegisterApp', data: { app_id: 'a', name: 'App', platform: 'ios' } };
const group: WorkspaceCommand = {
  type: 'CreateSubscriptionGroup',
  data: { id: GROUP, name: 'News', channel: 'email' },
};
type List = 'attributes' | 'events' | 'external_ids';
const blocklist = (list: List, add: readonly string[], remove: readonly string[] = []): WorkspaceCommand => ({
  type: 'ChangeBlocklist',
  data: { list, add, remove },
});
const force = (name: string, data_type: 'number' | null): WorkspaceCommand => ({
  type: 'ForceAttributeType',
  data: { name, data_type },
});
const limit = (name: string, value: number | null): WorkspaceCommand => ({
  type: 'SetAttributeListLimit',
  data: { name, limit: value },
});

it.each<[string, WorkspaceCommand, WorkspaceEvent]>([
  ['an app is registered', app, { type: 'AppRegistered', data: app.data } as WorkspaceEvent],
  [
    'a group is created under a capital id',
    { ...group, data: { ...group.data, id: GROUP.toUpperCase() } } as WorkspaceCommand,
    { type: 'SubscriptionGroupCreated', data: group.data } as WorkspaceEvent,
  ],
  ['a group is created', group, { type: 'SubscriptionGroupCreated', data: group.data } as WorkspaceEvent],
  [
    'an attribute is blocklisted',
    blocklist('attributes', ['x']),
    { type: 'AttributeBlocklisted', data: { name: 'x' } },
  ],
  [
    'an event is blocklisted',
    blocklist('events', ['$x']),
    { type: 'EventBlocklisted', data: { name: '$x' } },
  ],
  [
    'an external_id is blocked',
    blocklist('external_ids', ['x']),
    { type: 'ExternalIdBlocked', data: { external_id: 'x' } },
  ],
  [
    'a type is forced',
    force('x', 'number'),
    { type: 'AttributeTypeForced', data: { name: 'x', data_type: 'number' } },
  ],
  ['a limit is set', limit('x', 100), { type: 'AttributeListLimitSet', data: { name: 'x', limit: 100 } }],
])('%s; said again, it leads to nothing', (_, command, event) => {
  expect(decideWorkspace(command, emptyWorkspace)).toEqual([event]);
  expect(decideWorkspace(command, after(command))).toEqual([]);
});

it.each<[string, WorkspaceCommand, RegExp]>([
  ['an app without an id', { type: 'RegisterApp', data: { app_id: '', name: 'x' } }, /'app_id'/],
  ['an app without a name', { type: 'RegisterApp', data: { app_id: 'a', name: '' } }, /'name'/],
  [
    'a group whose id is no UUID',
    { type: 'CreateSubscriptionGroup', data: { id: 'x', name: 'x', channel: 'sms' } },
    /UUID/,
  ],
  ['an attribute that nobody can have', blocklist('attributes', ['ok', '$x']), /"\$x" is not a custom attr/],
  ['an event without a name', blocklist('events', ['']), /event's name/],
  ['a type for no attribute', force('$x', 'number'), /'name'/],
  ['a list without room', limit('x', 0), /1 to 1000/],
  ['a list that is too wide', limit('x', 1_001), /1 to 1000/],
  ['half an item', limit('x', 2.5), /whole number/],
])('refuses %s', (_, command, detail) => {
  const refused = decideWorkspace(command, emptyWorkspace);
  expect(refused).toMatchObject({ rejected: 'malformed', detail: expect.stringMatching(detail) });
});

describe('a subscription group', () => {
  it('keeps its name and channel for good', () => {
    const other: WorkspaceCommand = {
      type: 'CreateSubscriptionGroup',
      data: { id: GROUP, name: 'News', channel: 'sms' },
    };
    expect(decideWorkspace(other, after(group))).toMatchObject({ rejected: 'group_exists' });
  });
});

describe('a blocklist', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `name ${index}`);

  it.each<List>(['attributes', 'events'])('of %s holds 300 names', (list) => {
    const full = after(blocklist(list, many(300)));
    expect(decideWorkspace(blocklist(list, ['one more']), full)).toMatchObject({
      rejected: 'blocklist_full',
      detail: `A blocklist of ${list} holds at most 300; this would make 301`,
    });
    expect(decideWorkspace(blocklist(list, ['one more'], ['name 7']), full)).toHaveLength(2);
  });
  it('lets names go', () => {
    const workspace = after(blocklist('attributes', ['a', 'b']), blocklist('attributes', [], ['a', 'c']));
    expect([...workspace.blocklistedAttributes]).toEqual(['b']);
  });
});

describe('settings of one attribute', () => {
  it('are taken back by null', () => {
    const workspace = after(force('x', 'number'), limit('x', 50), force('x', null), limit('x', null));
    expect(workspace.forcedTypes.size + workspace.listLimits.size).toBe(0);
    expect(decideWorkspace(force('x', null), workspace)).toEqual([]);
    expect(decideWorkspace(limit('x', null), workspace)).toEqual([]);
  });
});

it('never changes a workspace that somebody holds, and passes over what it does not know', () => {
  const name = fc.constantFrom('a', 'b', '__proto__', 'constructor');
  const command = fc.oneof(
    fc
      .record({
        list: fc.constantFrom<List>('attributes', 'events', 'external_ids'),
        add: fc.array(name),
        remove: fc.array(name),
      })
      .map((data): WorkspaceCommand => ({ type: 'ChangeBlocklist', data })),
    fc.tuple(name, fc.option(fc.constant('number' as const))).map(([key, type]) => force(key, type)),
    fc.tuple(name, fc.option(fc.integer({ min: 1, max: 9 }))).map(([key, value]) => limit(key, value)),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 20 }), (commands) => {
      let workspace = emptyWorkspace;
      for (const each of commands) {
        const before = JSON.stringify([...workspace.blocklistedAttributes, ...workspace.listLimits]);
        const held = workspace;
        const events = decideWorkspace(each, workspace);
        if (isRejection(events)) throw new Error(events.detail);
        workspace = events.reduce<Workspace>(evolveWorkspace, workspace);
        expect(JSON.stringify([...held.blocklistedAttributes, ...held.listLimits])).toBe(before);
        expect(decideWorkspace(each, workspace)).toEqual([]);
      }
      expect(evolveWorkspace(workspace, { type: 'Unheard', data: {} })).toBe(workspace);
    }),
  );
});
