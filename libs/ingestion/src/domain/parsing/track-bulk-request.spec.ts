import { describe, expect, it } from 'vitest';

import { isFatal } from './errors.ts';
import { parseTrackBulk } from './track-bulk-request.ts';
import { defaultTrackRules } from './track-rules.ts';

const attributes = (count: number, user: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => ({ external_id: user(at), x: at }));
const parse = (body: unknown) => parseTrackBulk(body, defaultTrackRules, 0);
const overLimit = { status: 400, message: 'Max Input Length Exceeded' };

describe('a bulk request', () => {
  it('takes 1,000 objects in all, over the three arrays', () => {
    const events = Array.from({ length: 400 }, (_, at) => ({
      external_id: `u${at}`,
      name: 'e',
      time: '2026-01-01',
    }));
    expect(parse({ attributes: attributes(600, (at) => `u${at}`), events })).toMatchObject({
      processed: { attributes_processed: 600, events_processed: 400 },
    });
    expect(parse({ attributes: attributes(601, (at) => `u${at}`), events })).toEqual(overLimit);
  });

  it('takes 100 objects for one profile', () => {
    expect(isFatal(parse({ attributes: attributes(300, (at) => `u${at % 3}`) }))).toBe(false);
    expect(parse({ attributes: attributes(101, () => 'u') })).toEqual(overLimit);
  });

  it('is otherwise read as a track request is', () => {
    expect(parse({ attributes: [{ x: 1 }] })).toMatchObject({ status: 400, errors: [{ index: 0 }] });
  });
});
