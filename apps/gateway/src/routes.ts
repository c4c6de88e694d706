/** A service behind the gateway, and the paths it answers. A more exact path wins over one that ends in `*`. */
export interface Upstream {
  readonly service: string;
  readonly url: string;
  readonly paths: readonly string[];
}

/** Who answers what. A new service is a row here and an address in the settings. */
export const upstreams = (urls: {
  readonly ingestionUrl: string;
  readonly profileProjectionUrl: string;
}): readonly Upstream[] => [
  {
    service: 'ingestion',
    url: urls.ingestionUrl,
    paths: ['/users/*', '/hearth/*', '/subscription/status/set', '/v2/subscription/status/set'],
  },
  {
    service: 'profile-projection',
    url: urls.profileProjectionUrl,
    paths: [
      '/users/export/*',
      '/segments/*',
      '/hearth/segments',
      '/hearth/segments/*',
      '/events/*',
      '/purchases/*',
      '/subscription/status/get',
      '/subscription/user/status',
    ],
  },
];
