import { positionAt } from '@hearth/eventing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { usersAhead } from './users-ahead.ts';

const at = (offset: number) => positionAt('00000000', offset);

it('a user is ahead for as long as the log is applied no further than its events', () => {
  const step = fc.oneof(
    fc.record({ user: fc.constantFrom('a', 'b', 'c'), lead: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ reach: fc.integer({ min: 1, max: 5 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const ahead = usersAhead();
      const expected = new Map<string, number>();
      let applied = 0;
      for (const each of steps) {
        if ('reach' in each) ahead.reached(at((applied += each.reach)));
        else {
          ahead.add(each.user, at(applied + each.lead));
          expected.set(each.user, Math.max(expected.get(each.user) ?? 0, applied + each.lead));
        }
        for (const [user, position] of expected) if (position > applied) expect(ahead.has(user)).toBe(true);
      }
    }),
  );
});

it('users who are ahead no longer are forgotten, though others come all the time', () => {
  const ahead = usersAhead();
  ahead.add('first', at(3));
  for (let offset = 1; offset < 10; offset += 1) {
    ahead.add('another', at(offset + 5));
    ahead.reached(at(offset));
  }
  expect(ahead.has('another')).toBe(true);
  for (let offset = 10; offset < 20; offset += 1) {
    ahead.add('another', at(offset + 5));
    ahead.reached(at(offset));
  }
  expect(ahead.has('first')).toBe(false);
  expect(ahead.has('another')).toBe(true);
});
