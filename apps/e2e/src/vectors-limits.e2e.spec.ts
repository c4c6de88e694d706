import { expect, it } from 'vitest';

import type { Answer } from './testing/client.ts';
import { shareHearth } from './testing/shared-hearth.ts';

/** The acceptance vector of the user-data API (§20) about rate limits, by its number. */

const { sync, track } = shareHearth({ HEARTH_RATE_LIMITS: 'braze' });

const LIMIT = 500;

it('37: refuses the 501st sync call of a minute, and says when the next one may come', async () => {
  const answers: Answer[] = [];
  const isRefused = ({ status }: Answer): boolean => status === 429;
  // A machine that is held up for a minute meets two windows.
  for (let call = 0; call <= 2 * LIMIT && !answers.some(isRefused); call++)
    answers.push(await sync({ attributes: { external_id: 'v37', n: { inc: 1 } } }));
  expect(answers.slice(0, LIMIT).map(({ status }) => status)).toEqual(Array(LIMIT).fill(201));

  const refused = answers.at(-1)!;
  expect([refused.status, refused.body]).toEqual([429, { message: 'Rate limited' }]);
  const header = (name: string): number => Number(refused.headers.get(name) ?? NaN);
  expect([header('x-ratelimit-limit'), header('x-ratelimit-remaining')]).toEqual([LIMIT, 0]);
  const seconds = header('retry-after');
  expect(seconds >= 1 && seconds <= 60).toBe(true);
  expect(header('x-ratelimit-retry-after')).toBe(seconds);
  const now = Math.floor(Date.now() / 1_000);
  expect(header('x-ratelimit-reset') > now && header('x-ratelimit-reset') <= now + 61).toBe(true);

  const other = await track({ attributes: [{ external_id: 'v37', n: 1 }] });
  expect([other.status, other.headers.get('x-ratelimit-limit')]).toEqual([201, '3000']);
}, 120_000);
