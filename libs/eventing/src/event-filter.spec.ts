import fc from 'fast-check';
import { expect, it } from 'vitest';
import { streamMatcher } from './event-filter.ts';

const name = fc.string({ unit: fc.constantFrom('a', 'b', '-', '🦊', 'é'), maxLength: 6 });

it('matches what starts with any of the prefixes', () =>
  fc.assert(
    fc.property(name, fc.array(name, { maxLength: 5 }), (stream, streamPrefixes) => {
      const expected = streamPrefixes.some((prefix) => stream.startsWith(prefix));
      expect(streamMatcher({ streamPrefixes })(stream)).toBe(expected);
    }),
  ));

it('lets everything through without a filter', () => {
  expect(streamMatcher(undefined)('anything')).toBe(true);
  expect(streamMatcher({ streamPrefixes: [''] })('anything')).toBe(true);
  expect(streamMatcher({ streamPrefixes: [] })('anything')).toBe(false);
});
