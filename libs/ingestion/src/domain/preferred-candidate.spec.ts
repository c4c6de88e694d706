import type { ProfileCandidate } from '@hearth/contracts';
import { expect, it } from 'vitest';

import { preferredCandidate } from './preferred-candidate.ts';

const candidate = (
  braze_id: string,
  external_id: string | null,
  updated_at: string,
  position = '1',
): ProfileCandidate => ({
  braze_id,
  external_id,
  updated_at,
  position,
  revision: 0,
});

it('prefers identified profiles over newer ones without an external_id', () => {
  expect(
    preferredCandidate([candidate('a', null, '2026-02'), candidate('b', 'x', '2026-01')])?.braze_id,
  ).toBe('b');
});
it('takes the one written to last among equals, then the later position', () => {
  expect(preferredCandidate([candidate('a', 'x', '2026-01'), candidate('b', 'y', '2026-02')])?.braze_id).toBe(
    'b',
  );
  expect(
    preferredCandidate([candidate('a', 'x', '2026-01', '2'), candidate('b', 'y', '2026-01', '1')])?.braze_id,
  ).toBe('a');
});
it('takes none of none', () => expect(preferredCandidate([])).toBeUndefined());
