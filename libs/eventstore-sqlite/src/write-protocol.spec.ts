import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packAppends, unpackAppends } from './write-protocol.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const metadata = fc.constantFrom('{"a":1}', '{"b":2}', '');
const event = fc.record({ id: text, type: text, data: text, metadata });
const append = fc.record({
  stream: text,
  expectedRevision: fc.oneof(
    fc.constantFrom('no_stream' as const, 'any' as const, 'stream_exists' as const),
    fc.nat(),
    fc.constant(Number.MAX_SAFE_INTEGER),
  ),
  events: fc.array(event, { minLength: 1, maxLength: 4 }),
});

describe('appends on their way to the writing thread', () => {
  it('come out as they went in, on the other side of a clone', () => {
    fc.assert(
      fc.property(fc.array(append, { maxLength: 6 }), (appends) => {
        expect(unpackAppends(structuredClone(packAppends(appends)))).toEqual(appends);
      }),
    );
  });
});
