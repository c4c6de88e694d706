import { describe, expect, it } from 'vitest';

import { keyedHashWith } from '../adapters/hashes.ts';
import { trackSettings, type TrackConfig } from './track-settings.ts';

const config: TrackConfig = {
  trackLimitMode: 'combined',
  trackLimit: 50,
  strictPrimary: false,
  writeSecondaryFromEvents: false,
  phoneRegion: 'US',
};
const hash = keyedHashWith('a secret that only this test knows');

describe('the settings of the parser (user-data API §19)', () => {
  it('come from the environment', () =>
    expect(trackSettings(config, hash)).toMatchObject({
      limit: { mode: 'combined', objects: 50 },
      strictPrimary: false,
      writeSecondaryFromEvents: false,
      phoneRegion: 'US',
    }));
  it('read phones with their country code where no region is set', () =>
    expect(trackSettings({ ...config, phoneRegion: undefined }, hash).phoneRegion).toBeNull());
  it('refuse a country that has no phones', () =>
    expect(() => trackSettings({ ...config, phoneRegion: 'XX' }, hash)).toThrow(/HEARTH_PHONE_REGION: XX/));
  it('make the device of a token: a UUID, the same for the same app and token, another under another secret', () => {
    const { deviceIdOf } = trackSettings(config, hash);
    expect(deviceIdOf('a', 't')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(deviceIdOf('a', 't')).toBe(deviceIdOf('a', 't'));
    expect(deviceIdOf('a"', 't')).not.toBe(deviceIdOf('a', '"t'));
    expect(trackSettings(config, keyedHashWith('another')).deviceIdOf('a', 't')).not.toBe(
      deviceIdOf('a', 't'),
    );
  });
});
