import { expect, it } from 'vitest';
import { randomUuid } from './random-uuid.ts';

it('makes UUIDs of version 4 that differ in every digit that is random', () => {
  const made = Array.from({ length: 5_000 }, randomUuid);
  expect(new Set(made).size).toBe(made.length);
  for (const uuid of made)
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const digitsAt = (place: number): number => new Set(made.map((uuid) => uuid[place])).size;
  const seen = Array.from({ length: 36 }, (_, place) => digitsAt(place));
  const expected = Array.from('xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx', (kind) => ({ x: 16, y: 4 })[kind] ?? 1);
  expect(seen).toEqual(expected);
});
