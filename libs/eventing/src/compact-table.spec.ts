import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { compactTable, MOST_FIRST, type CompactTable } from './compact-table.ts';

const tableOf = (capacity: number): CompactTable => compactTable({ keyWords: 2, valueWords: 2, capacity });

/** Keys that share their first word, with a last one that is spread as a hash is. */
const fill = (table: CompactTable, key: number): void => {
  table.key[0] = 7;
  table.key[1] = createHash('sha256').update(String(key)).digest().readUInt32LE();
};
const write = (table: CompactTable, key: number, first: number, second = first): void => {
  fill(table, key);
  table.value[0] = first;
  table.value[1] = second;
  table.write();
};
const read = (table: CompactTable, key: number): readonly number[] | undefined => {
  fill(table, key);
  return table.read() ? [...table.value] : undefined;
};
const remove = (table: CompactTable, key: number): void => {
  fill(table, key);
  table.delete();
};

describe('a compact table', () => {
  it('has what was written last, in any order of writing and deleting', () => {
    const value = fc.oneof(fc.nat(MOST_FIRST), fc.constantFrom(0, MOST_FIRST));
    const change = fc.oneof(
      { weight: 3, arbitrary: fc.tuple(fc.nat(60), value) },
      fc.tuple(fc.nat(60), fc.constant(undefined)),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 300 }), (changes) => {
        const table = tableOf(1_000);
        const expected = new Map<number, number>();
        for (const [key, wanted] of changes)
          if (wanted === undefined) {
            remove(table, key);
            expected.delete(key);
          } else {
            write(table, key, wanted, key);
            expected.set(key, wanted);
          }
        for (let key = 0; key <= 60; key += 1) {
          const wanted = expected.get(key);
          expect(read(table, key)).toEqual(wanted === undefined ? undefined : [wanted, key]);
        }
      }),
    );
  });

  it('stays the same while it grows', () => {
    const table = tableOf(100_000);
    expect(table.isEmpty).toBe(true);
    for (let key = 0; key < 8_000; key += 1) write(table, key, key);
    for (let key = 0; key < 8_000; key += 2) remove(table, key);
    for (let key = 8_000; key < 20_000; key += 1) write(table, key, key);
    expect(table.isEmpty).toBe(false);
    const wrong = Array.from({ length: 20_000 }, (_, key) => key).filter(
      (key) => read(table, key)?.[1] !== (key < 8_000 && key % 2 === 0 ? undefined : key),
    );
    expect(wrong).toEqual([]);
  });

  it('tells keys apart that begin in the same slot', () => {
    const table = tableOf(100);
    const put = (key: readonly number[], value: number): void => {
      table.key.set(key);
      table.value.fill(value);
      table.write();
    };
    const keys = [0, 1, 2, 3].map((first) => [first, 1_023]);
    keys.forEach(put);
    const found = keys.map((key) => {
      table.key.set(key);
      return table.read() && table.value[0];
    });
    expect(found).toEqual([0, 1, 2, 3]);
  });

  it('forgets what was written longest ago beyond its capacity', () => {
    const table = tableOf(3_000);
    for (let key = 0; key < 10_000; key += 1) write(table, key, key);
    const kept = Array.from({ length: 10_000 }, (_, key) => read(table, key)?.[0]);
    expect(kept.slice(7_000)).toEqual(Array.from({ length: 3_000 }, (_, index) => 7_000 + index));
    expect(kept.filter((value) => value !== undefined).length).toBeLessThanOrEqual(6_000);
    expect(kept.every((value, key) => value === undefined || value === key)).toBe(true);
  });

  it('deletes what it has in both generations', () => {
    const table = tableOf(4);
    for (let key = 0; key < 4; key += 1) write(table, key, key);
    for (let key = 0; key < 3; key += 1) write(table, key, key + 10);
    remove(table, 0);
    remove(table, 3);
    expect([0, 1, 2, 3].map((key) => read(table, key)?.[0])).toEqual([undefined, 11, 12, undefined]);
  });

  it('keeps nothing where there is no room, or once it is cleared', () => {
    const none = tableOf(0);
    write(none, 1, 1);
    remove(none, 1);
    expect(read(none, 1)).toBeUndefined();
    expect(none.isEmpty).toBe(true);
    const table = tableOf(10);
    write(table, 1, 1);
    table.clear();
    expect(read(table, 1)).toBeUndefined();
  });
});
