import { describe, expect, it } from 'vitest';
import { encodeAppend, MAX_APPEND_BYTES, type NewEvent } from './index.ts';
import { someEvent } from './testing/sample-events.ts';

const encode = (events: readonly NewEvent[]) =>
  encodeAppend({ stream: 'thing-1', events, expectedRevision: 'any' });

describe('encodeAppend', () => {
  it('writes data and metadata as JSON', () => {
    const event = someEvent({ when: new Date(0), left: undefined });
    expect(encode([event])).toEqual([
      {
        id: event.id,
        type: event.type,
        data: '{"when":"1970-01-01T00:00:00.000Z"}',
        metadata: JSON.stringify(event.metadata),
      },
    ]);
  });

  const texts = ['x', 'é', '"', '\n', '🦊', '\ud83e'];
  it.each(texts)('counts %j as JSON in UTF-8 does, to the byte', (text) => {
    const one = [someEvent({ text }, 'Type "quoted" é'), someEvent({ text: '' })];
    const each = Buffer.byteLength(JSON.stringify(text)) - 2;
    const room = MAX_APPEND_BYTES - (Buffer.byteLength(JSON.stringify(one)) - each);
    const filled = (count: number, rest: number) => [
      { ...one[0]!, data: { text: text.repeat(count) } },
      { ...one[1]!, data: { text: 'x'.repeat(rest) } },
    ];
    const count = Math.floor(room / each);
    const rest = room - count * each;
    expect(Buffer.byteLength(JSON.stringify(filled(count, rest)))).toBe(MAX_APPEND_BYTES);
    expect(encode(filled(count, rest))).toHaveLength(2);
    expect(() => encode(filled(count, rest + 1))).toThrow(/900001 bytes/);
  });
});
