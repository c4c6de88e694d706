import { positionAt } from '@hearth/eventing';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { StandingRow } from './read-model.ts';
import { rowMemory } from './row-memory.ts';

const CHUNK = 1_024;
const idOf = (user: number): string => createHash('sha256').update(`user ${user}`).digest('hex').slice(0, 24);
const rowOf = (user: number, revision: number, document: string): StandingRow => ({
  braze_id: idOf(user),
  revision,
  position: positionAt('0a1b2c3d', revision + 1),
  document,
});

it('a row is as it was set last, or forgotten', () => {
  const set = fc.record({
    user: fc.nat(30),
    revision: fc.nat(2 ** 40),
    document: fc.oneof(fc.string({ maxLength: 300 }), fc.string({ unit: 'grapheme', maxLength: 400 })),
  });
  fc.assert(
    fc.property(fc.array(set, { maxLength: 200 }), fc.integer({ min: 0, max: 12 }), (sets, chunks) => {
      const memory = rowMemory(chunks * CHUNK, CHUNK);
      const last = new Map<number, StandingRow>();
      for (const { user, revision, document } of sets) {
        const row = rowOf(user, revision, document.toWellFormed());
        memory.set(row);
        last.set(user, row);
        for (const [known, expected] of last) {
          const found = memory.get(idOf(known));
          if (found !== undefined) expect(found).toEqual(expected);
        }
      }
      for (let user = 31; user < 40; user += 1) expect(memory.get(idOf(user))).toBeUndefined();
    }),
  );
});

it('the newest rows are there as far as there is room', () => {
  const memory = rowMemory(10 * CHUNK, CHUNK);
  const document = JSON.stringify({ text: 'ü'.repeat(60) });
  for (let user = 0; user < 200; user += 1) memory.set(rowOf(user, user, document));
  const kept = Array.from({ length: 200 }, (_, user) => memory.get(idOf(user))?.revision);
  expect(kept.slice(170)).toEqual(Array.from({ length: 30 }, (_, index) => 170 + index));
  expect(kept.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => undefined));
});

it('a text that is no id has no row, however much it is like one', () => {
  const memory = rowMemory(CHUNK, CHUNK);
  const id = '00aabbccddeeff0011223344';
  const set = (braze_id: string): void => memory.set({ ...rowOf(1, 1, '{}'), braze_id });
  set(id);
  for (const other of [`${id}zz`, `0${id}`, id.toUpperCase(), id.slice(1), 'user-a', ''])
    expect(memory.get(other)).toBeUndefined();
  set('user-b');
  expect(memory.get('user-a')).toBeUndefined();
  expect(memory.get('user-b')).toBeUndefined();
  expect(memory.get(id)?.braze_id).toBe(id);
});

it('a row too large for it is not there, nor the one before', () => {
  const memory = rowMemory(2 * CHUNK, CHUNK);
  memory.set(rowOf(1, 1, '{}'));
  memory.set(rowOf(1, 2, 'x'.repeat(CHUNK)));
  expect(memory.get(idOf(1))).toBeUndefined();
});
