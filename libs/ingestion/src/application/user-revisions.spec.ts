import { expect, it } from 'vitest';

import { userRevisions } from './user-revisions.ts';

it('revisions of users are told apart by every digit of their ids', () => {
  const revisions = userRevisions(1_000);
  const id = '0123456789abcdef01234567';
  const ids = [
    id,
    ...Array.from(id, (digit, at) => `${id.slice(0, at)}${digit === 'f' ? 'e' : 'f'}${id.slice(at + 1)}`),
  ];
  expect(revisions.isEmpty).toBe(true);
  ids.forEach((each, revision) => revisions.set(each, revision));
  expect(revisions.isEmpty).toBe(false);
  expect(ids.map((each) => revisions.get(each))).toEqual(ids.map((_, revision) => revision));
  for (const other of [`${id}0`, id.slice(1), id.toUpperCase(), 'user-a'])
    expect(revisions.get(other)).toBeUndefined();
  revisions.delete(id);
  expect(revisions.get(id)).toBeUndefined();
  expect(revisions.get(ids[1]!)).toBe(1);
});
