import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseJsonBody } from './json-body.ts';

describe('parseJsonBody', () => {
  it.each([
    ['an object', '{"a":1}', { a: 1 }],
    ['an array', '[1,2]', [1, 2]],
    ['a scalar', '"x"', 'x'],
    ['null', 'null', null],
    [
      'the same key in different objects',
      '{"a":{"a":[{"a":1},{"a":2}]}}',
      { a: { a: [{ a: 1 }, { a: 2 }] } },
    ],
    [
      'colons and quotes inside of strings',
      String.raw`{"a:\":\\":"b:\"","c":":"}`,
      { 'a:":\\': 'b:"', c: ':' },
    ],
    [
      'an escaped backslash at the end of a string',
      String.raw`{"a":"\\","b":"\\\\"}`,
      { a: '\\', b: '\\\\' },
    ],
    ['spaces around colons', '{ "a" : 1 , "b":\n2 }', { a: 1, b: 2 }],
  ])('takes %s', (_, text, body) => {
    expect(parseJsonBody(text)).toEqual({ body });
  });

  it.each([
    ['nothing', ''],
    ['spaces', '  \n'],
    ['a word', 'attributes'],
    ['an open object', '{"a":1'],
    ['an open string', '{"a":"'],
    ['a trailing comma', '{"a":1,}'],
    ['single quotes', "{'a':1}"],
    ['a comment', '{"a":1 /* b */}'],
    ['two values', '{} {}'],
    ['a raw control character in a string', '{"a":"\u0000"}'],
    ['NaN', '{"a":NaN}'],
    ['a byte order mark', '\uFEFF{}'],
    ['a key twice', '{"a":1,"a":1}'],
    ['a key twice, spelt differently', String.raw`{"a":1,"\u0061":2}`],
    ['a key twice, deep down', '{"attributes":[{"external_id":"a","o":{"x":[{"k":1,"k":2}]}}]}'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}'],
    ['a numeric key twice', '{"1":1,"2":2,"1":3}'],
  ])('refuses %s', (_, text) => {
    expect(parseJsonBody(text)).toBeUndefined();
  });

  it('keeps __proto__ as a key like any other', () => {
    const parsed = parseJsonBody('{"__proto__":{"attributes":[]}}') as { body: object };
    expect(Object.keys(parsed.body)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(parsed.body)).toBe(Object.prototype);
  });

  it.each([1_000, 100_000, 1_000_000])('survives %i levels', (levels) => {
    for (const text of [
      '['.repeat(levels) + ']'.repeat(levels),
      '{"a":'.repeat(levels) + '1' + '}'.repeat(levels),
    ]) {
      const parsed = parseJsonBody(text);
      expect(parsed === undefined || 'body' in parsed).toBe(true);
    }
  });

  it('refuses a key twice behind many levels', () => {
    const [open, close] = ['[{"a":'.repeat(20_000), '}]'.repeat(20_000)];
    expect(parseJsonBody(`${open}{"k":1,"k":2}${close}`)).toBeUndefined();
  });

  it('agrees with a reader that compares keys one by one', () => {
    fc.assert(
      fc.property(looseJson, (text) => {
        expect(parseJsonBody(text) !== undefined).toBe(!hasRepeatedKey(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parseJsonBody(text)).toEqual({ body: JSON.parse(text) as unknown });
      }),
    );
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fragments), (text) => {
        const parsed = parseJsonBody(text);
        expect(parsed === undefined || 'body' in parsed).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Texts made of the pieces of JSON, most of them malformed. */
const fragments = fc
  .array(fc.constantFrom('{', '}', '[', ']', ':', ',', '"', '\\', '"a"', '"b":', '1', 'null', '\\u0061', ' '))
  .map((pieces) => pieces.join(''));

/** JSON texts whose objects take their keys from a small pool, so that repeats are frequent, in several spellings. */
const looseJson: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      '1',
      '-0.5e3',
      'true',
      'null',
      '""',
      '":"',
      String.raw`"\":"`,
      String.raw`"\\"`,
      '"{a:b}"',
    ),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(' , ')}]`),
    fc
      .array(
        fc.tuple(
          fc.constantFrom('"a"', String.raw`"\u0061"`, '"b"', '"c:"', String.raw`"d\""`, '""'),
          tie('value'),
        ),
        {
          maxLength: 4,
        },
      )
      .map((entries) => `{${entries.map(([key, item]) => `${key} : ${item}`).join(',')}}`),
  ),
})).value;

/** Reads valid JSON character by character and remembers the keys of each open object. */
const hasRepeatedKey = (text: string): boolean => {
  const open: (Set<string> | undefined)[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    if (char === '{') open.push(new Set());
    else if (char === '[') open.push(undefined);
    else if (char === '}' || char === ']') open.pop();
    else if (char === '"') {
      let end = at + 1;
      while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
      const string = JSON.parse(text.slice(at, end + 1)) as string;
      at = end;
      if (/^\s*:/.test(text.slice(end + 1))) {
        const keys = open.at(-1)!;
        if (keys.has(string)) return true;
        keys.add(string);
      }
    }
    at++;
  }
  return false;
};
