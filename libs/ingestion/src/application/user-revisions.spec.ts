import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { userRevisions } from './user-revisions.ts';

const idOf = (number: number): string =>
  createHash('sha256').update(`user ${number}`).digest('hex').slice(0, 24);

describe('revisions of many users', () => {
  it('are those that were set last, in any order of setting and deleting', () => {
    const id = fc.nat(60).map(idOf);
    const change = fc.oneof(
      { weight: 3, arbitrary: fc.tuple(id, fc.nat(1_000_000)) },
      fc.tuple(id, fc.constant(undefined)),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 300 }), (changes) => {
        const revisions = userRevisions(1_000);
        const expected = new Map<string, number>();
        for (const [brazeId, revision] of changes)
          if (revision === undefined) {
            revisions.delete(brazeId);
            expected.delete(brazeId);
          } else {
            revisions.set(brazeId, revision);
            expected.set(brazeId, revision);
          }
        for (let number = 0; number <= 60; number += 1)
          expect(revisions.get(idOf(number))).toBe(expected.get(idOf(number)));
      }),
    );
  });

  it('stay the same while the table grows', () => {
    const revisions = userRevisions(100_000);
    expect(revisions.isEmpty).toBe(true);
    for (let number = 0; number < 20_000; number += 1) revisions.set(idOf(number), number);
    for (let number = 0; number < 20_000; number += 2) revisions.delete(idOf(number));
    for (let number = 20_000; number < 50_000; number += 1) revisions.set(idOf(number), number);
    expect(revisions.isEmpty).toBe(false);
    for (let number = 0; number < 50_000; number += 1)
      expect(revisions.get(idOf(number))).toBe(number < 20_000 && number % 2 === 0 ? undefined : number);
  });

  it('of users who share the beginning of their ids are told apart', () => {
    const revisions = userRevisions(1_000);
    const ids = [0, 1, 2, 3].map((end) => `00000400${'f'.repeat(15)}${end}`);
    ids.forEach((brazeId, revision) => revisions.set(brazeId, revision));
    expect(ids.map(revisions.get)).toEqual([0, 1, 2, 3]);
  });

  it('are forgotten a generation at a time beyond the capacity', () => {
    const revisions = userRevisions(3_000);
    for (let number = 0; number < 10_000; number += 1) revisions.set(idOf(number), number);
    const kept = Array.from({ length: 10_000 }, (_, number) => revisions.get(idOf(number)));
    expect(kept.slice(7_000)).toEqual(Array.from({ length: 3_000 }, (_, index) => 7_000 + index));
    expect(kept.filter((revision) => revision !== undefined).length).toBeLessThanOrEqual(6_000);
    expect(kept.every((revision, number) => revision === undefined || revision === number)).toBe(true);
  });

  it('are not kept at all where there is no room', () => {
    const revisions = userRevisions(0);
    revisions.set(idOf(1), 1);
    revisions.delete(idOf(1));
    expect(revisions.get(idOf(1))).toBeUndefined();
    expect(revisions.isEmpty).toBe(true);
  });
});
