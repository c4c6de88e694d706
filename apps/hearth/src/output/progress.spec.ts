import { expect, it } from 'vitest';

import { showProgress } from './progress.ts';

it('comes as a line now and then where there is no terminal', () => {
  let text = '';
  let time = 0;
  const stderr = { isTerminal: false as const, write: (more: string) => (text += more) };
  const shown = showProgress({ stderr, now: () => time }, 'exporting');
  shown.update(1_000);
  time = 5_000;
  shown.update(2_000);
  time = 9_999;
  shown.update(3_000, 6_000);
  time = 10_000;
  shown.update(4_000, 6_000);
  shown.stop();
  expect(text).toBe('exporting: 2,000 events\nexporting: 4,000 of 6,000 (66%) events\n');
});
