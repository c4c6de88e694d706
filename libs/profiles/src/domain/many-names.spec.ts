import { describe, expect, it } from 'vitest';
import {
  attributesUpdated,
  customEventRecorded,
  inStream,
  purchaseRecorded,
  userCreated,
} from '../testing/profile-events.ts';
import { Copies } from './copies.ts';
import { evolve, fold } from './evolve.ts';
import { MOST_ENTRIES } from './own-properties.ts';
import type { ActiveProfile } from './profile.ts';

const names = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => `n${from + index}`);
const custom = (some: readonly string[]) =>
  attributesUpdated({ custom: Object.fromEntries(some.map((name) => [name, 1])) });
const active = (events: Parameters<typeof inStream>[0]) =>
  fold(inStream([userCreated, ...events])) as ActiveProfile;

describe('a profile with as many names as it can hold', () => {
  const kinds = {
    custom_attributes: (name: string) => custom([name]),
    custom_events: (name: string) => customEventRecorded(name),
    purchases: (name: string) => purchaseRecorded(name),
  } as const;

  it.each(Object.entries(kinds))('takes no more of its %s, and goes on with those it has', (kind, record) => {
    const held = names(MOST_ENTRIES).map(record);
    const profile = active([...held, record('one too many'), record('n7')]);
    const entries = profile[kind as keyof typeof kinds];
    expect(Object.keys(entries)).toHaveLength(MOST_ENTRIES);
    expect(entries).not.toHaveProperty(['one too many']);
    expect(profile.rejections).toMatchObject({
      count: 1,
      newest: [{ code: 'too_many_names', name: 'one too many' }],
    });
    if (kind !== 'custom_attributes') expect(entries['n7']).toMatchObject({ count: 2 });
    if (kind === 'purchases') expect(Object.values(profile.revenue)).toEqual([(MOST_ENTRIES + 2) * 10]);
  });

  it.each(Object.entries(kinds))('takes as many %s event by event as in one go', (_kind, record) => {
    const all = inStream([userCreated, ...names(MOST_ENTRIES + 3).map(record), record('n7')]);
    const [first, last] = [all.slice(0, MOST_ENTRIES - 1), all.slice(MOST_ENTRIES - 1)];
    const live = last.reduce((profile, event) => evolve(profile, event), fold(first));
    expect(JSON.stringify(live)).toBe(JSON.stringify(fold(all)));
  });

  it('takes another attribute once one has been removed', () => {
    const full = custom(names(MOST_ENTRIES));
    const swapped = attributesUpdated({ custom: { n7: null, 'in its place': 1 } });
    const profile = active([full, swapped]);
    expect(Object.keys(profile.custom_attributes)).toHaveLength(MOST_ENTRIES);
    expect(profile.custom_attributes).toHaveProperty(['in its place']);
    expect(profile.rejections.count).toBe(0);
  });
});

describe('a fold that changes in place what it has copied', () => {
  const events = inStream([
    userCreated,
    custom(['a']),
    custom(['b']),
    attributesUpdated({ custom: { a: null } }),
    ...['x', 'x', 'y'].map((name) => customEventRecorded(name)),
    ...['p', 'p'].map((product_id) => purchaseRecorded(product_id)),
  ]);

  it('comes to the same as one that copies for each event, in the same order of keys', () => {
    const copies = new Copies();
    let [copied, changed] = [fold([]), fold([])];
    for (const event of events) {
      copied = evolve(copied, event);
      changed = evolve(changed, event, copies);
    }
    expect(JSON.stringify(changed)).toBe(JSON.stringify(copied));
  });

  it('never touches the profile that it began with', () => {
    const before = fold(events.slice(0, 3)) as ActiveProfile;
    const text = JSON.stringify(before);
    const after = fold(events.slice(3), before) as ActiveProfile;
    expect(JSON.stringify(before)).toBe(text);
    expect(after.custom_attributes).toEqual({ b: 1 });
  });

  it('copies a part once', () => {
    const copies = new Copies();
    const one = evolve(fold(events.slice(0, 2)), events[2]!, copies) as ActiveProfile;
    const two = evolve(one, events[3]!, copies) as ActiveProfile;
    expect(two.custom_attributes).toBe(one.custom_attributes);
  });
});
