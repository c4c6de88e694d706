import type { Identifier } from '@hearth/contracts';
import type { UserCommand } from '@hearth/users';
import { describe, expect, it } from 'vitest';

import { segmentsOf } from './segments.ts';

const external = (value: string): Identifier => ({ kind: 'external_id', value });
const email = (value: string): Identifier => ({ kind: 'email', value });
const set = (fields: Record<string, string>): UserCommand => ({ type: 'UpdateAttributes', data: { fields } });
const write = (identifier: Identifier, ...commands: UserCommand[]) => ({ identifier, commands });

describe('segments of a request', () => {
  it('resolves everything together where identifiers are unique', () => {
    expect(segmentsOf([write(external('a'), set({ email: 'a@b.co' })), write(external('b'))])).toEqual([
      [0, 1],
    ]);
  });
  it('resolves an email only after the writes before it', () => {
    expect(segmentsOf([write(external('a'), set({ email: 'a@b.co' })), write(email('a@b.co'))])).toEqual([
      [0],
      [1],
    ]);
  });
  it('keeps writes by email together while none of them moves an address', () => {
    expect(segmentsOf([write(email('a@b.co')), write(email('c@d.co'))])).toEqual([[0, 1]]);
    expect(segmentsOf([write(email('a@b.co'), set({ phone: '+1' })), write(email('c@d.co'))])).toEqual([
      [0],
      [1],
    ]);
  });
  it('is empty for an empty request', () => expect(segmentsOf([])).toEqual([]));
});
