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
