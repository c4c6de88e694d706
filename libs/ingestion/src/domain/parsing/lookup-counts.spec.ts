import type { GroupChannel } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { NOW, rulesWith } from '../../testing/parse-one.ts';
import { isFatal } from './errors.ts';
import { parseTrack } from './track-request.ts';
import type { AttributeRule, TrackRules } from './track-rules.ts';

/** What parsing asks of the workspace's tables. They are hash tables, so their number of questions is what a size could change. */
const counted = (size: number) => {
  let lookups = 0;
  let walks = 0;
  const names = (prefix: string): string[] =>
    Array.from({ length: size }, (_, index) => `${prefix} ${index}`);
  class CountedSet extends Set<string> {
    override has(name: string): boolean {
      lookups++;
      return super.has(name);
    }
    override forEach(): never {
      throw new Error('a table is walked through');
    }
    override [Symbol.iterator](): SetIterator<string> {
      walks++;
      return super[Symbol.iterator]();
    }
  }
  class CountedMap<Value> extends Map<string, Value> {
    override get(name: string): Value | undefined {
      lookups++;
      return super.get(name);
    }
    override has(name: string): boolean {
      lookups++;
      return super.has(name);
    }
    override [Symbol.iterator](): MapIterator<[string, Value]> {
      walks++;
      return super[Symbol.iterator]();
    }
  }
  const setOf = (prefix: string): ReadonlySet<string> => {
    const set = new CountedSet();
    for (const name of names(prefix)) set.add(name);
    return set;
  };
  const mapOf = <Value>(prefix: string, value: Value): ReadonlyMap<string, Value> => {
    const map = new CountedMap<Value>();
    for (const name of names(prefix)) map.set(name, value);
    return map;
  };
  const rules: TrackRules = rulesWith({
    blocklistedAttributes: setOf('hidden'),
    blocklistedEvents: setOf('noise'),
    blockedExternalIds: setOf('dummy'),
    appIds: setOf('app'),
    subscriptionGroups: mapOf<GroupChannel>('group', 'email'),
    attributeRules: mapOf<AttributeRule>('rule', { listLimit: 50 }),
  });
  return { rules, lookups: () => lookups, walks: () => walks };
};

const body = {
  attributes: Array.from({ length: 75 }, (_, user) => ({
    external_id: `u${user}`,
    first_name: 'A',
    ...Object.fromEntries(Array.from({ length: 40 }, (__, key) => [`attribute ${key}`, [key]])),
  })),
  events: Array.from({ length: 75 }, (_, user) => ({
    external_id: `u${user}`,
    name: `event ${user}`,
    time: '2026-01-01',
    app_id: 'app 0',
  })),
  purchases: Array.from({ length: 75 }, (_, user) => ({
    external_id: `u${user}`,
    product_id: `product ${user}`,
    currency: 'USD',
    price: 1,
    time: '2026-01-01',
  })),
};

describe('the size of a workspace', () => {
  it('costs a request nothing: as many look-ups for 5,000 names in each table as for one', () => {
    const counts = [1, 300, 5_000].map((size) => {
      const { rules, lookups, walks } = counted(size);
      for (let request = 0; request < 3; request++) expect(isFatal(parseTrack(body, rules, NOW))).toBe(false);
      // The names of attributes and their rules become one table, once for as long as the rules stand.
      expect(walks()).toBe(2);
      return lookups() / 3;
    });
    expect(new Set(counts).size).toBe(1);
    const users = 225;
    // One for each user, event and app. Names of attributes are looked up in the one table, in every workspace.
    expect(counts[0]).toBe(users + 75 + 75);
  });
});
