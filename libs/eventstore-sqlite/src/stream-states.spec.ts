import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { streamStates } from './stream-states.ts';

const digits = createHash('sha256').update('a stream').digest('hex').slice(0, 24);

/** Names that have 24 digits at their end and differ in one place, and others that only look like it. */
const names = [
  `user_00-${digits}`,
  `user_01-${digits}`,
  `-${digits}`,
  `user_00-0${digits.slice(1)}`,
  ...Array.from(
    digits,
    (digit, at) => `user_00-${digits.slice(0, at)}${digit === '7' ? '8' : '7'}${digits.slice(at + 1)}`,
  ),
  digits,
  `user_00_${digits}`,
  `user_00-${digits.slice(1)}`,
  `user_00-${digits.toUpperCase()}`,
  `identity_00-01234567${digits}`,
  `user_00-g${digits.slice(1)}`,
  'apikey-1',
  '-',
  'ä',
];
const stateOf = (id: number) =>
  id % 3 === 0
    ? { id, lastRevision: -1, lastPosition: 0 }
    : { id, lastRevision: id * 7, lastPosition: id * 3 * 2 ** 31 + 5 };

it('the states of streams are told apart by their whole names', () => {
  const states = streamStates();
  const unique = [...new Set(names)];
  for (const name of unique) expect(states.get(name)).toBeUndefined();
  unique.forEach((name, id) => states.set(name, stateOf(id)));
  expect(unique.map((name) => states.get(name))).toEqual(unique.map((_, id) => stateOf(id)));
  unique.forEach((name, id) => states.set(name, stateOf(id + 1)));
  expect(unique.map((name) => states.get(name))).toEqual(unique.map((_, id) => stateOf(id + 1)));
  states.clear();
  for (const name of unique) expect(states.get(name)).toBeUndefined();
});

it('the states of more streams than there is room for are forgotten, never mixed up', () => {
  const states = streamStates({ cached: 100, cachedHashed: 200 });
  const many = Array.from({ length: 2_000 }, (_, n) => {
    const hash = createHash('sha256').update(String(n)).digest('hex');
    return n % 2 === 0 ? `user_${hash.slice(0, 2)}-${hash.slice(0, 24)}` : `named-${n}`;
  });
  many.forEach((name, id) => states.set(name, stateOf(id)));
  const kept = many.map((name) => states.get(name));
  kept.forEach((state, id) => state && expect(state).toEqual(stateOf(id)));
  expect(kept.filter(Boolean).length).toBeLessThanOrEqual(600);
  expect(kept.slice(-200)).toEqual(many.slice(-200).map((_, index) => stateOf(1_800 + index)));
});

it('beginnings beyond those that have a number are held by name', () => {
  const states = streamStates();
  const many = Array.from({ length: 10_000 }, (_, n) => `beginning-${n}-${digits}`);
  many.forEach((name, id) => states.set(name, stateOf(id)));
  expect(many.map((name) => states.get(name))).toEqual(many.map((_, id) => stateOf(id)));
});
