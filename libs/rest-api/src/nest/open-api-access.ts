import type { EventStore } from '@hearth/eventing';
import type { Service } from '@hearth/nest-kit';
import type { FastifyInstance } from 'fastify';

import { hashKey, newApiKey } from '../adapters/api-key-secrets.ts';
import { openApiKeyRegistry, type ApiKeyRegistry } from '../application/api-key-registry.ts';
import type { Clock } from '../application/clock.ts';
import { addAccessHook } from './access-hook.ts';

export interface ApiAccessBackends {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly newId: () => string;
}

export interface ApiAccessSettings {
  /** A key with every permission that is valid while it is set. */
  readonly apiKey?: string | undefined;
}

/** Who may call the REST API, opened: installed once in each HTTP application that serves endpoints. */
export interface ApiAccess {
  /** Adds the checks of every endpoint's calls. Routes that are no endpoint (health, metrics, documents) stay open. */
  readonly install: (instance: FastifyInstance) => void;
  readonly keys: ApiKeyRegistry;
}

/**
 * Reads the API keys from the log and follows them. What it opens is closed by the service's lifecycle. Throws the store's
 * errors where the log cannot be read.
 */
export const openApiAccess = async (
  { name, health, lifecycle, logger }: Service,
  { store, clock, newId }: ApiAccessBackends,
  { apiKey }: ApiAccessSettings,
): Promise<ApiAccess> => {
  let followed = true;
  const onFailure = (error: Error): void => {
    followed = false;
    logger.error({ err: error }, 'API keys can no longer be followed; restart the service');
  };
  const keys = await openApiKeyRegistry(
    { store, source: name, clock, newId, hash: hashKey, newKey: newApiKey, onFailure },
    apiKey,
  );
  lifecycle.onStop('close', 'api keys', () => keys.close());
  health.check('apiKeys', () => followed || 'keys can no longer be followed');
  return { install: (instance) => addAccessHook(instance, keys), keys };
};
