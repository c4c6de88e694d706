import { expect, it } from 'vitest';

import { parseAddressRange } from './addresses.ts';

it.each([
  ['192.0.2.7', { address: '192.0.2.7', prefix: 32, family: 'ipv4' }],
  ['192.0.2.0/24', { address: '192.0.2.0', prefix: 24, family: 'ipv4' }],
  ['0.0.0.0/0', { address: '0.0.0.0', prefix: 0, family: 'ipv4' }],
  ['::1', { address: '::1', prefix: 128, family: 'ipv6' }],
  ['2001:db8::/32', { address: '2001:db8::', prefix: 32, family: 'ipv6' }],
] as const)('reads %s', (text, range) => expect(parseAddressRange(text)).toEqual(range));

it.each([
  '',
  'localhost',
  '192.0.2',
  '192.0.2.0/33',
  '::/129',
  '192.0.2.0/',
  '192.0.2.0/a',
  '192.0.2.0/-1',
  '/8',
  ' ::1',
  'fe80::1%eth0',
])('takes %j for none', (text) => expect(parseAddressRange(text)).toBeUndefined());
