import { expect, it } from 'vitest';

import { welcome } from './welcome.ts';

const at = { url: 'http://127.0.0.1:8080', dataDir: '/data' };

it('shows where it listens, where the data lies, and the key once', () => {
  const text = welcome({ ...at, firstKey: 'the-key', keyIsConfigured: false });
  for (const part of [at.url, at.dataDir, 'the-key']) expect(text).toContain(part);
});
it('says where the key is to be found at every later start', () => {
  expect(welcome({ ...at, firstKey: undefined, keyIsConfigured: true })).toContain('HEARTH_API_KEY');
  expect(welcome({ ...at, firstKey: undefined, keyIsConfigured: false })).toContain('first start');
});
