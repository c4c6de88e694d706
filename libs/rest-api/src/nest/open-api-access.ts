import type { EventStore } from '@hearth/eventing';
import type { Service } from '@hearth/nest-kit';
import type { DynamicModule } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

import { addressList } from '../adapters/address-list.ts';
import { hashKey, newApiKey } from '../adapters/api-key-secrets.ts';
import { apiKeyAdministration } from '../application/api-key-administration.ts';
import { openApiKeyRegistry } from '../application/api-key-registry.ts';
import type { Clock } from '../application/clock.ts';
import { addAccessHook } from './access-hook.ts';
import { ApiKeysModule } from './api-keys.controller.ts';

export interface ApiAccessBackends {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly newId: () => string;
}

export interface ApiAccessSettings {
  /** A key with every permission that is valid while it is set. */
  readonly apiKey?: string | undefined;
  /** Whether a call without the header may carry its key as `api_key` in the query or the body (default: no). */
  readonly allowLegacyApiKey?: boolean;
}

/** Who may call the REST API, opened: installed once in each HTTP application that serves endpoints. */
export interface ApiAccess {
  /** Adds the checks of every endpoint's calls. Routes that are no endpoint (health, metrics, documents) stay open. */
  readonly install: (instance: FastifyInstance) => void;
  /** The administration of keys, for the one service that serves it. */
  readonly module: DynamicModule;
  /** A new key with every permission where there is none at all, to be shown once; undefined otherwise. */
  readonly createFirstKey: () => Promise<string | undefined>;
}

/** How often a process looks for uses of keys that are not written down yet. */
const SIGHTINGS_INTERVAL_MS = 30_000;

/**
 * Reads the API keys from the log and follows them. What it opens is closed by the service's lifecycle. Throws the store's
 * errors where the log cannot be read.
 */
export const openApiAccess = async (
  { name, health, lifecycle, logger }: Service,
  { store, clock, newId }: ApiAccessBackends,
  { apiKey, allowLegacyApiKey = false }: ApiAccessSettings,
): Promise<ApiAccess> => {
  let followed = true;
  const onFailure = (error: Error): void => {
    followed = false;
    logger.error({ err: error }, 'API keys can no longer be followed; restart the service');
  };
  const registry = await openApiKeyRegistry({ store, hash: hashKey, addressList, onFailure }, apiKey);
  lifecycle.onStop('close', 'api keys', () => registry.close());
  health.check('apiKeys', () => followed || 'keys can no longer be followed');

  const administration = apiKeyAdministration({
    store,
    registry,
    source: name,
    clock,
    newId,
    hash: hashKey,
    newKey: newApiKey,
  });
  const recordSightings = (): Promise<void> =>
    administration
      .recordSightings()
      .catch((error: unknown) => logger.warn({ err: error }, 'uses of API keys are not written down now'));
  const timer = setInterval(() => void recordSightings(), SIGHTINGS_INTERVAL_MS).unref();
  lifecycle.onStop('flush', 'uses of api keys', () => {
    clearInterval(timer);
    return recordSightings();
  });

  return {
    install: (instance) => addAccessHook(instance, { keys: registry, clock, allowLegacyApiKey }),
    module: ApiKeysModule.with({ administration, registry }),
    createFirstKey: () => administration.createFirst(),
  };
};
