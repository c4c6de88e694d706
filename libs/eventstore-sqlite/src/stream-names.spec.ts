import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { SCHEMA } from './schema.ts';
import { streamNames } from './stream-names.ts';

/** A log whose streams have these numbers: `even-<n>` or `odd-<n>`. */
const namesOf = (...numbers: readonly number[]) => {
  const db = new DatabaseSync(':memory:');
  onTestFinished(() => db.close());
  db.exec(SCHEMA);
  const insert = db.prepare('INSERT INTO streams (id, name) VALUES (?, ?)');
  for (const n of numbers) insert.run(n, `${n % 2 === 0 ? 'even' : 'odd'}-${n}`);
  return { db, names: streamNames(db) };
};

it('knows streams by their numbers, and those that came after it was asked', () => {
  const { db, names } = namesOf(1);
  expect([names.of(1), names.of(1), names.of(2)]).toEqual(['odd-1', 'odd-1', undefined]);
  db.prepare('INSERT INTO streams (id, name) VALUES (?, ?)').run(3, 'odd-3');
  expect(names.of(3)).toBe('odd-3');
});

it('tells what a filter wants, the first time and from memory, far apart and side by side', () => {
  const numbers = [1, 2, 4_095, 4_096, 4_097, 9_000_000];
  const { names } = namesOf(...numbers);
  const [even, none, other] = [['even-'], [], ['odd-4', 'even-2']].map((streamPrefixes) => ({
    streamPrefixes,
  }));
  for (let time = 0; time < 2; time++) {
    expect(numbers.filter(names.wanted(even))).toEqual([2, 4_096, 9_000_000]);
    expect(numbers.filter(names.wanted(none))).toEqual([]);
    expect(numbers.filter(names.wanted(other))).toEqual([2, 4_095, 4_097]);
    expect(numbers.filter(names.wanted(undefined))).toEqual(numbers);
  }
});
