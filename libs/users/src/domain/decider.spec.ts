import { isRejection } from '@hearth/eventing';
import { describe, expect, it } from 'vitest';

import { userDecider } from './decider.ts';
import { splitAttributes } from './split-attributes.ts';
import type { CreateUser, UserCommand } from './user-command.ts';
import type { User } from './user.ts';

const brazeId = 'ab0123456789abcdef012345';
const create: CreateUser = {
  type: 'CreateUser',
  data: { braze_id: brazeId, identifier: { kind: 'external_id', value: 'u1' } },
};
const recordEvent: UserCommand = {
  type: 'RecordCustomEvent',
  data: { name: 'signed_up', time: '2026-01-01T00:00:00.000Z' },
};
const fold = (...events: { type: string; data: unknown }[]): User =>
  events.reduce(userDecider.evolve as never, userDecider.initialState) as User;

describe('user', () => {
  it('is created with a bucket that its braze_id decides', () => {
    const events = userDecider.decide(create, userDecider.initialState);
    expect(events).toEqual([
      {
        type: 'UserCreated',
        data: { braze_id: brazeId, identifier: create.data.identifier, random_bucket: expect.any(Number) },
      },
    ]);
    expect(userDecider.decide(create, userDecider.initialState)).toEqual(events);
  });
  it('is not created twice', () => expect(userDecider.decide(create, { status: 'active' })).toEqual([]));
  it('records an event', () => {
    expect(userDecider.decide(recordEvent, { status: 'active' })).toEqual([
      { type: 'CustomEventRecorded', data: recordEvent.data },
    ]);
  });
  it.each([
    ['user_unknown', fold()],
    ['user_deleted', fold({ type: 'UserCreated', data: {} }, { type: 'UserDeleted', data: {} })],
    ['user_merged', fold({ type: 'UserCreated', data: {} }, { type: 'MergedInto', data: { braze_id: 'x' } })],
  ])('takes no events when %s', (code, user) => {
    const refused = userDecider.decide(recordEvent, user);
    expect(isRejection(refused) && refused.rejected).toBe(code);
  });
  it('is active after events this version does not know', () => {
    expect(fold({ type: 'SomethingNewer', data: {} })).toEqual({ status: 'active' });
  });
});

describe('attributes too large for one event', () => {
  const custom = Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => [`attribute ${at}`, { text: 'x'.repeat(50_000) }]),
  );
  const parts = splitAttributes({ fields: { first_name: 'Jo' }, custom, merge_objects: true });

  it('are split into events that together say the same', () => {
    expect(parts.length).toBeGreaterThan(1);
    expect(Object.assign({}, ...parts.map((part) => part.custom))).toEqual(custom);
    expect(parts.filter((part) => part.fields)).toHaveLength(1);
    expect(parts.every((part) => part.merge_objects)).toBe(true);
    for (const part of parts) expect(JSON.stringify(part).length).toBeLessThan(450_000);
  });
  it.each([
    ['many small objects', 3_000, { text: 'é'.repeat(40) }],
    ['many lists', 3_000, [1, [2, null, 'three'], { four: true }, 1.25e-7, -0.1, 'x'.repeat(30)]],
    ['texts that grow when they are written out', 300, '\u0001'.repeat(100)],
    ['names that grow when they are written out', 300, { ['\u0001'.repeat(100)]: 1 }],
  ])('are split where there are %s', (_, count, value) => {
    const many = Object.fromEntries(Array.from({ length: count }, (_each, at) => [`attribute ${at}`, value]));
    expect(JSON.stringify(many).length).toBeGreaterThan(150_000);
    const split = splitAttributes({ custom: many });
    expect(split.length).toBeGreaterThan(1);
    expect(Object.assign({}, ...split.map((part) => part.custom))).toEqual(many);
    for (const part of split) expect(JSON.stringify(part).length).toBeLessThan(170_000);
  });
  it('are left alone when they fit', () => {
    const small = { custom: { a: 1 } };
    expect(splitAttributes(small)).toEqual([small]);
  });
});
