import type { BrazeId } from '@hearth/contracts';
import { positionAt } from '@hearth/eventing';
import { expect, it } from 'vitest';
import { unknownProfile } from '../domain/profile.ts';
import { createOverlay } from './overlay.ts';
import type { Standing } from './standing.ts';

const [one, other] = ['a'.repeat(24), 'b'.repeat(24)] as [BrazeId, BrazeId];
const at = (revision: number): Standing => ({
  profile: unknownProfile,
  revision,
  position: positionAt('0123abcd', revision + 1),
});

it('a profile that is set right after it was let go of is held again, with what was written', () => {
  const overlay = createOverlay();
  const written = at(0);
  overlay.set(one, written, undefined);
  overlay.release(one, written);
  expect(overlay.size).toBe(0); // nobody looks at it in between
  const newer = at(1);
  overlay.set(one, newer, written);
  expect(overlay.get(one)).toBe(newer);
  expect(overlay.writtenOf(one)).toBe(written);
  expect(overlay.entries()).toEqual([[one, newer]]);
});

it('a profile is let go of while another one was looked at last', () => {
  const overlay = createOverlay();
  const [written, others] = [at(0), at(5)];
  overlay.set(one, written, undefined);
  overlay.set(other, others, undefined);
  expect(overlay.get(one)).toBe(written);
  overlay.release(other, others);
  const newer = at(1);
  overlay.set(one, newer, written);
  expect(overlay.entries()).toEqual([[one, newer]]);
});
