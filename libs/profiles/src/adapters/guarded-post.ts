import { lookup } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Why an address is not called: it is inside. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
}

export interface GuardedPostOptions {
  /** Lets it call loopback, private and link-local addresses too. */
  readonly allowPrivate: boolean;
  readonly timeoutMs: number;
}

const inside = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['168.63.129.16', 32], // the platform of Azure, reached from its machines alone
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  inside.addSubnet(network, prefix, 'ipv4');
/** Of IPv6 only global unicast is outside, and of that not what leads to IPv4 or nowhere. */
const outside = new BlockList();
outside.addSubnet('2000::', 3, 'ipv6');
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  inside.addSubnet(network, prefix, 'ipv6');

/** True for an IP address that only this machine or its own network can reach. */
export const isInside = (address: string): boolean => {
  if (isIP(address) === 4) return inside.check(address, 'ipv4');
  return !outside.check(address, 'ipv6') || inside.check(address, 'ipv6');
};

/** The address that a host name stands for is looked at when it is connected to: what it stood for before proves nothing. */
const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    const forbidden = addresses.find(({ address }) => isInside(address));
    if (forbidden) return callback(new ForbiddenAddress(`${hostname} leads to ${forbidden.address}`), []);
    if (options.all) callback(null, addresses);
    else callback(null, addresses[0]!.address, addresses[0]!.family);
  });
};

/**
 * POSTs JSON to an address that a client named. It does not follow redirects, and calls nobody inside unless that is allowed.
 * Rejects where the answer is no 2xx, or none comes in time.
 */
export const guardedPost =
  ({ allowPrivate, timeoutMs }: GuardedPostOptions) =>
  (address: string, body: unknown): Promise<void> =>
    new Promise((resolve, reject) => {
      const url = new URL(address);
      const host = url.hostname.replace(/^\[|\]$/g, '');
      // Addresses written out are not looked up.
      if (!allowPrivate && isIP(host) !== 0 && isInside(host))
        throw new ForbiddenAddress(`${host} is inside`);
      const text = JSON.stringify(body);
      const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
        method: 'POST',
        agent: false,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
        signal: AbortSignal.timeout(timeoutMs),
        ...(!allowPrivate && { lookup: guardedLookup }),
      });
      request.on('error', reject);
      request.on('response', (response) => {
        response.resume();
        const { statusCode = 0 } = response;
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new Error(`the callback answered ${statusCode}`));
      });
      request.end(text);
    });
