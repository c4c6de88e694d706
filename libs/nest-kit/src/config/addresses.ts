import { isIP } from 'node:net';

/** A part of the addresses of one family: a subnet, or a single address with a prefix of its whole length. */
export interface AddressRange {
  readonly address: string;
  /** Bits. */
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Reads `192.0.2.7`, `192.0.2.0/24` and the same of IPv6. Undefined where it is neither. */
export const parseAddressRange = (text: string): AddressRange | undefined => {
  const match = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text);
  const address = match?.[1] ?? '';
  const version = isIP(address);
  if (version === 0) return undefined;
  const bits = version === 4 ? 32 : 128;
  const prefix = Number(match?.[2] ?? bits);
  return prefix > bits ? undefined : { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
};
