import type { RateStanding } from './rate-window.ts';

/** `epoch`: UTC epoch seconds; `seconds`: those that are left of the window (user-data API §3, §19.16). */
export type ResetFormat = 'epoch' | 'seconds';

const secondsLeft = ({ endsAt }: RateStanding, now: number): number => Math.ceil((endsAt - now) / 1_000);

/** The value of `X-RateLimit-Reset`. Rounded up: whoever waits for it comes into the next window. */
export const resetOf = (standing: RateStanding, format: ResetFormat, now: number): number =>
  format === 'epoch' ? Math.ceil(standing.endsAt / 1_000) : secondsLeft(standing, now);

/** For how many seconds a refused caller has to wait, at least one. */
export const retryAfterOf = (standing: RateStanding, now: number): number =>
  Math.max(1, secondsLeft(standing, now));
