/** The permissions of the endpoints that exist here, by the names of the public API (user-data API §2.3). */
export const permissions = ['users.track', 'users.track.sync'] as const;

export type Permission = (typeof permissions)[number];
