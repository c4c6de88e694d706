import { expect, it } from 'vitest';

import { addressList } from './address-list.ts';

const list = addressList(['192.0.2.7', '10.0.0.0/8', '2001:db8::/32', '::1']);

it.each([
  '192.0.2.7',
  '10.255.0.1',
  '::ffff:10.0.0.1',
  '2001:db8:1::2',
  '2001:0DB8::1',
  '::1',
  '2001:db8::1%eth0',
])('has %s', (address) => expect(list.includes(address)).toBe(true));
it.each([
  '192.0.2.8',
  '11.0.0.1',
  '::ffff:11.0.0.1',
  '2001:db9::1',
  '::2',
  '',
  'localhost',
  '10.0.0',
  '10.0.0.1:80',
])('does not have %j', (address) => expect(list.includes(address)).toBe(false));
it('has nobody where it is empty', () => expect(addressList([]).includes('127.0.0.1')).toBe(false));
it('refuses what is no address', () => expect(() => addressList(['10.0.0.0/33'])).toThrow('10.0.0.0/33'));
