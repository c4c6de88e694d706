import { expect, it } from 'vitest';

import { withoutBlocklisted } from './without-blocklisted.ts';

const attributes = { plan: 'gold', secret: 1, ['__proto__x']: 2 };

it('hides the values of blocklisted names', () =>
  expect({ ...withoutBlocklisted(attributes, { blocklistedAttributes: new Set(['secret']) }) }).toEqual({
    plan: 'gold',
    ['__proto__x']: 2,
  }));

it('gives back what it got where nothing has to be hidden', () => {
  for (const names of [[], ['other']])
    expect(withoutBlocklisted(attributes, { blocklistedAttributes: new Set(names) })).toBe(attributes);
});
