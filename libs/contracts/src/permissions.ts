/**
 * The permissions of the endpoints that exist here, by the names of the public API (user-data API §2.3). Those that begin with
 * `hearth.` are for what the public API leaves to a dashboard.
 */
export const permissions = [
  'users.track',
  'users.track.sync',
  'users.track.bulk',
  'users.delete',
  'users.alias.new',
  'users.alias.update',
  'users.identify',
  'users.merge',
  'users.external_ids.rename',
  'users.external_ids.remove',
  'users.export.ids',
  'users.export.segment',
  'segments.list',
  'segments.details',
  'events.list',
  'purchases.product_list',
  'subscription.status.set',
  'subscription.status.get',
  'subscription.groups.get',
  'hearth.api_keys',
  'hearth.workspace',
  'hearth.segments',
  'hearth.users.unmerge',
] as const;

export type Permission = (typeof permissions)[number];
