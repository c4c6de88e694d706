import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.ts';

describe('parseOptions', () => {
  it('runs everything in full unless told otherwise', () => {
    const { suites, quick } = parseOptions([]);
    expect([...suites]).toEqual(['sync', 'async', 'rebuild', 'memory']);
    expect(quick).toBe(false);
  });

  it('takes parts one by one or as a list', () => {
    expect([...parseOptions(['--only', 'sync', '--only', 'memory', '--quick']).suites]).toEqual([
      'sync',
      'memory',
    ]);
    expect([...parseOptions(['--only', 'sync,async']).suites]).toEqual(['sync', 'async']);
  });

  it('refuses what it does not know', () => {
    expect(() => parseOptions(['--only', 'speed'])).toThrow(/"speed"/);
    expect(() => parseOptions(['--fast'])).toThrow(/--fast/);
  });
});
