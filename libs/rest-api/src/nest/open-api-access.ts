import type { RateLimitOverrides } from '@hearth/contracts';
import type { EventStore } from '@hearth/eventing';
import type { Messaging } from '@hearth/messaging';
import type { Service } from '@hearth/nest-kit';
import { listenForProfileOwners } from '@hearth/profiles-client';
import type { DynamicModule } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

import { addressList } from '../adapters/address-list.ts';
import { hashKey, newApiKey } from '../adapters/api-key-secrets.ts';
import { apiKeyAdministration } from '../application/api-key-administration.ts';
import { openApiKeyRegistry } from '../application/api-key-registry.ts';
import type { Clock } from '../application/clock.ts';
import { rateLimiter, type RateLimiter } from '../application/rate-limiter.ts';
import { askOwner } from '../application/shared-rate-limits.ts';
import type { ResetFormat } from '../domain/rate-limit-headers.ts';
import { limitsOf } from '../domain/rate-limits.ts';
import { addAccessHook } from './access-hook.ts';
import { ApiKeysModule } from './api-keys.controller.ts';
import { rateLimitCheck } from './rate-limit-check.ts';

export interface ApiAccessBackends {
  readonly store: EventStore;
  readonly messaging: Messaging;
  readonly clock: Clock;
  readonly newId: () => string;
}

export interface ApiAccessSettings {
  /** A key with every permission that is valid while it is set. */
  readonly apiKey?: string | undefined;
  /** Whether a call without the header may carry its key as `api_key` in the query or the body (default: no). */
  readonly allowLegacyApiKey?: boolean;
  /** `braze` holds calls to the limits of the hosted service, `open` to none (default). */
  readonly rateLimits?: 'open' | 'braze';
  /** Limits of single buckets, over those. */
  readonly rateLimitOverrides?: RateLimitOverrides;
  /** What `X-RateLimit-Reset` counts in (default: epoch seconds). */
  readonly rateLimitReset?: ResetFormat;
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

/** Counts calls at the owners of profiles, as far as any limit binds. */
const openRateLimiter = (
  { lifecycle }: Service,
  { messaging, clock }: ApiAccessBackends,
  { rateLimits = 'open', rateLimitOverrides = new Map() }: ApiAccessSettings,
): RateLimiter => {
  const limits = limitsOf(rateLimits, rateLimitOverrides);
  if (!Object.values(limits).some(({ binding }) => binding))
    return rateLimiter(limits, () => Promise.resolve(undefined));
  const owners = listenForProfileOwners(messaging, clock);
  lifecycle.onStop('close', 'counters of calls', () => owners.stop());
  return rateLimiter(limits, askOwner(messaging, owners));
};

/**
 * Reads the API keys from the log and follows them. What it opens is closed by the service's lifecycle. Throws the store's
 * errors where the log cannot be read.
 */
export const openApiAccess = async (
  service: Service,
  backends: ApiAccessBackends,
  settings: ApiAccessSettings,
): Promise<ApiAccess> => {
  const { name, health, lifecycle, logger } = service;
  const { store, clock, newId } = backends;
  const { apiKey, allowLegacyApiKey = false, rateLimitReset = 'epoch' } = settings;
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

  const limits = rateLimitCheck(openRateLimiter(service, backends, settings), rateLimitReset);
  return {
    install: (instance) => addAccessHook(instance, { keys: registry, limits, clock, allowLegacyApiKey }),
    module: ApiKeysModule.with({ administration, registry }),
    createFirstKey: () => administration.createFirst(),
  };
};
