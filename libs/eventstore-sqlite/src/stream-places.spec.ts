import { expect, it } from 'vitest';
import { isMilestone, streamPlaces } from './stream-places.ts';

it('of each stream the milestones and the newest event are held, until they are let go of', () => {
  const places = streamPlaces();
  for (let revision = 10; revision < 200; revision += 1) {
    places.note(1, revision, revision * 2);
    places.note(2, revision - 10, revision * 2 + 1);
  }
  expect(places.of(1)).toEqual([63, 126, 127, 254, 191, 382, 199, 398]);
  expect(places.of(1).filter((_, at) => at % 2 === 0 && isMilestone(places.of(1)[at]!))).toEqual([
    63, 127, 191,
  ]);
  expect(places.newestOf(2)).toEqual([189, 399]);
  expect(places.atOrAfter(1, 63)).toEqual([63, 126]);
  expect(places.atOrAfter(1, 64)).toEqual([127, 254]);
  expect(places.atOrAfter(1, 199)).toEqual([199, 398]);
  expect(places.atOrAfter(1, 200)).toBeUndefined();
  expect(places.newestOf(3)).toBeUndefined();

  places.release(254);
  expect(places.of(1)).toEqual([191, 382, 199, 398]);
  expect(places.of(2)).toEqual([127, 275, 189, 399]);
  places.release(398);
  expect([...places.streams()]).toEqual([2]);
  expect(places.of(2)).toEqual([189, 399]);
  places.note(1, 200, 400);
  expect(places.newestOf(1)).toEqual([200, 400]);
});
