/** The stream that says what this log belongs to. */
export const DEPLOYMENT_STREAM = 'deployment-hearth';

/** The first event of a log: the fingerprint of the secret that its hashed stream names and braze_ids are made with. */
export interface DeploymentInitialised {
  readonly secret_fingerprint: string;
}

/** An API key came into being. Only its hash is kept: SHA-256, in hex. What it says never changes (user-data API §2.1). */
export interface ApiKeyCreated {
  readonly name: string;
  readonly key_hash: string;
  /** Names of the public API's permissions; `*` stands for all of them, also of those that do not exist yet. */
  readonly permissions: readonly string[];
  /** Addresses and subnets that the key may be used from; left out or empty: any. */
  readonly ip_allowlist?: readonly string[];
  /** The id of the key that made it; left out for the first one. */
  readonly created_by?: string;
}

/** An API key was used: recorded now and then, for as long as it is. */
export interface ApiKeySeen {
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** The events of `apikey-<id>`. */
export type ApiKeyEvent =
  | { readonly type: 'ApiKeyCreated'; readonly data: ApiKeyCreated }
  | { readonly type: 'ApiKeySeen'; readonly data: ApiKeySeen }
  | { readonly type: 'ApiKeyRevoked'; readonly data: Record<string, never> };
