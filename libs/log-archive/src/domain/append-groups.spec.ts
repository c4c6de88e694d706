import fc from 'fast-check';
import { expect, it } from 'vitest';

import { anyEvent } from '../testing/archives.ts';
import { AppendGroups, type AppendGroup } from './append-groups.ts';
import type { ArchivedEvent } from './archive-lines.ts';

const groupsOf = (events: readonly ArchivedEvent[], bytes = 100): AppendGroup[] => {
  const groups = new AppendGroups();
  return [...events.map((event) => groups.take(event, bytes)), groups.end()].filter(
    (group) => group !== undefined,
  );
};

const sample = fc.sample(anyEvent, 1)[0]!;
const event = (stream: string, revision: number, request = 'r'): ArchivedEvent => ({
  ...sample,
  stream,
  revision,
  metadata: { ...sample.metadata, $correlationId: request },
});
const shape = (groups: readonly AppendGroup[]) =>
  groups.map((group) => group.map(({ stream, revision }) => `${stream}@${revision}`).join(' '));

it('gathers what one request appended to one stream', () =>
  expect(shape(groupsOf([event('a', 0), event('a', 1), event('b', 0), event('a', 2)]))).toEqual([
    'a@0 a@1',
    'b@0',
    'a@2',
  ]));

it('keeps requests apart, and what lies on both sides of erased events', () =>
  expect(shape(groupsOf([event('a', 0, 'r1'), event('a', 1, 'r2'), event('a', 5, 'r2')]))).toEqual([
    'a@0',
    'a@1',
    'a@5',
  ]));

it('keeps a group small enough for one append', () =>
  expect(
    groupsOf([event('a', 0), event('a', 1), event('a', 2)], 300_000).map(({ length }) => length),
  ).toEqual([2, 1]));

it('loses nothing, keeps the order, and cuts the same from any group on', () =>
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('r1', 'r2')), { maxLength: 30 }),
      fc.nat(),
      (steps, pick) => {
        const revisions: Record<string, number> = {};
        const events = steps.map(([stream, request]) => {
          const revision = (revisions[stream] = (revisions[stream] ?? -1) + 1);
          return event(stream, revision, request);
        });
        const groups = groupsOf(events, 300_000);
        expect(groups.flat()).toEqual(events);
        const from = groups.length === 0 ? 0 : pick % groups.length;
        expect(groupsOf(groups.slice(from).flat(), 300_000)).toEqual(groups.slice(from));
      },
    ),
  ));
