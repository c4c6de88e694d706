import { describe, expect, it } from 'vitest';

import { readGroupId } from './subscription-groups.ts';

const GROUP = '2f1b5e36-5f2a-4d1c-9d9c-8b8e2a6ecb6f';

describe('the id of a subscription group', () => {
  it('names its group in either case', () => {
    for (const groups of [new Set([GROUP]), new Set<string>(), null])
      for (const sent of [GROUP, GROUP.toUpperCase()]) expect(readGroupId(sent, groups)).toBe(GROUP);
  });

  it.each([undefined, null, 5, '', 'x', ` ${GROUP}`, `${GROUP}0`])('is not %j', (sent) => {
    for (const groups of [new Set([GROUP]), new Set<string>(), null])
      expect(readGroupId(sent, groups)).toBeUndefined();
  });

  it('is none of the workspace’s where that has others', () => {
    expect(readGroupId(GROUP, new Set(['5d0f7f1e-9a55-4a0b-8f5c-0e6a7d2f1b22']))).toBeUndefined();
  });
});
