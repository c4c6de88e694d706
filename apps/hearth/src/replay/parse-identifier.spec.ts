import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Failure } from '../failure.ts';
import { formatIdentifier, parseIdentifier } from './parse-identifier.ts';

describe('an identifier', () => {
  it.each([
    ['external_id:xyz', { kind: 'external_id', value: 'xyz' }],
    ['external_id:a:b c', { kind: 'external_id', value: 'a:b c' }],
    ['braze_id:00AAbbccddeeff0011223344', { kind: 'braze_id', value: '00aabbccddeeff0011223344' }],
    ['user_alias:crm:42', { kind: 'user_alias', value: { alias_label: 'crm', alias_name: '42' } }],
    ['user_alias:crm:4:2', { kind: 'user_alias', value: { alias_label: 'crm', alias_name: '4:2' } }],
    ['email:Ada@Example.com', { kind: 'email', value: 'ada@example.com' }],
    ['phone:+49 (30) 1234-567', { kind: 'phone', value: '+49301234567' }],
    ['phone:0049301234567', { kind: 'phone', value: '+49301234567' }],
    ['phone:49301234567', { kind: 'phone', value: '+49301234567' }],
  ])('is read from %s', (text, identifier) => expect(parseIdentifier(text)).toEqual(identifier));

  it.each([
    '',
    'xyz',
    ':',
    'external_id:',
    'name:xyz',
    'braze_id:12',
    'user_alias:crm',
    'user_alias::x',
    'user_alias:x:',
  ])('is not read from %j', (text) => expect(() => parseIdentifier(text)).toThrow(Failure));

  it('is read back from the way it is shown', () =>
    fc.assert(
      fc.property(
        fc.constantFrom('external_id', 'email', 'phone', 'user_alias:label'),
        fc.string({ minLength: 1 }),
        (kind, value) => {
          let identifier;
          try {
            identifier = parseIdentifier(`${kind}:${value}`);
          } catch (error) {
            expect(error).toBeInstanceOf(Failure);
            return;
          }
          fc.pre(formatIdentifier(identifier).split(':').at(-1) !== '');
          expect(parseIdentifier(formatIdentifier(identifier))).toEqual(identifier);
        },
      ),
    ));
});
