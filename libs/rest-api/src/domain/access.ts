import type { Permission } from '@hearth/contracts';

/** Why a call is not let in: 401 for a key that nobody knows, 403 for one that may not do this, or not from there (user-data API §2.2). */
export type AccessDenied =
  | { readonly status: 401; readonly message: 'Invalid API Key' }
  | { readonly status: 403; readonly message: 'Access Denied' };

const invalid: AccessDenied = { status: 401, message: 'Invalid API Key' };
const denied: AccessDenied = { status: 403, message: 'Access Denied' };

/** What a key lets its caller do. */
export interface Access {
  /** `*` stands for every permission. */
  readonly permissions: ReadonlySet<string>;
  /** Undefined where the key may be used from anywhere. */
  readonly addresses: { includes(address: string): boolean } | undefined;
}

const BEARER = /^Bearer (\S{1,256})$/;

/** The key in an `Authorization` header: after the word `Bearer` and one space, without quotes (user-data API §2.1). */
export const bearerOf = (authorization: string): string | undefined => BEARER.exec(authorization)?.[1];

/**
 * Undefined where a call may go on. The address is looked at before the permission: whoever may not call from there is not
 * told what the key could do. `from` is asked for its address only where the key is bound to some.
 */
export const refusalOf = (
  access: Access | undefined,
  permission: Permission,
  from: { readonly ip: string },
): AccessDenied | undefined => {
  if (access === undefined) return invalid;
  if (access.addresses !== undefined && !access.addresses.includes(from.ip)) return denied;
  return access.permissions.has(permission) || access.permissions.has('*') ? undefined : denied;
};

/** What a key is allowed, as it is kept. */
export interface Grant {
  readonly permissions: Iterable<string>;
  /** Addresses and subnets; none where the key may be used from anywhere. */
  readonly ipAllowlist: readonly string[];
}

/**
 * Why one key may not make another: a key passes on what it has itself, or less of it. Otherwise the permission to make keys
 * would be every permission, from everywhere. Undefined where it may.
 */
export const refusalToGrant = (own: Grant | undefined, wanted: Grant): string | undefined => {
  if (own === undefined) return 'A key is made with one in the Authorization header';
  const held = new Set(own.permissions);
  const beyond = held.has('*') ? [] : [...wanted.permissions].filter((permission) => !held.has(permission));
  if (beyond.length > 0) return `This key does not have '${beyond[0]}' itself, and cannot pass it on`;
  const bound = own.ipAllowlist;
  if (bound.length === 0) return undefined;
  return wanted.ipAllowlist.length > 0 && wanted.ipAllowlist.every((entry) => bound.includes(entry))
    ? undefined
    : `This key is bound to ${bound.join(', ')}: a key made with it has to be bound to some of these`;
};
