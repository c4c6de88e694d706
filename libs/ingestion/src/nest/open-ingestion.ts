import type { EventStore } from '@hearth/eventing';
import type { Messaging } from '@hearth/messaging';
import type { HttpAppOptions, Service } from '@hearth/nest-kit';
import { listenForProfileOwners, profilesClient } from '@hearth/profiles-client';
import { addBodyLimits, type ApiAccess } from '@hearth/rest-api';
import { openWorkspace } from '@hearth/workspace';
import type { DynamicModule } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

import { keyedHashWith } from '../adapters/hashes.ts';
import { bindDeployment, WrongSecret } from '../application/deployment.ts';
import { sweepRequests } from '../application/idempotency/forget-requests.ts';
import { createKeyedRequests } from '../application/idempotency/keyed-requests.ts';
import { createIngestion } from '../application/ingestion.ts';
import type { Clock } from '../application/ports.ts';
import { liveRules } from '../application/live-rules.ts';
import { trackSettings, type TrackConfig } from './track-settings.ts';
import { ingestionErrors } from './error-replies.ts';
import { addIdempotencyHook } from './idempotency-hook.ts';
import { finishOperations } from './finish-operations.ts';
import { IngestionModule } from './ingestion.module.ts';
import { addStrictJsonParser } from './json-body-parser.ts';
import { requestContexts } from './request-context.ts';
import { sweepPeriodically } from './sweep-periodically.ts';
import { addTrackRoutes } from './track-routes.ts';

export interface IngestionBackends {
  readonly store: EventStore;
  readonly messaging: Messaging;
  readonly access: ApiAccess;
  readonly clock: Clock;
  readonly newId: () => string;
}

export interface IngestionSettings {
  readonly secret: {
    readonly value: string;
    readonly fingerprint: string;
    /** Called where the log was written under another secret. */
    readonly takeBack?: () => void;
  };
  /** How long a call may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How long the answers to requests with an idempotency key are kept, in milliseconds. */
  readonly idempotencyRetentionMs: number;
  /** Whether events ride along with reads (default true): see `IngestionPorts`. */
  readonly rideAlong?: boolean;
  /** How bodies are read where the public documentation leaves a choice. */
  readonly track: TrackConfig;
}

/** Ingestion, opened: what an HTTP application needs to serve it. */
export interface OpenIngestion {
  readonly module: DynamicModule;
  readonly http: Required<Pick<HttpAppOptions, 'errors' | 'fastify'>>;
  /** The key that this start made, to be shown once; only its hash is kept. */
  readonly firstKey: string | undefined;
}

/**
 * Opens ingestion on its backends: binds the log to the secret, makes the first API key, listens for profile owners. What it
 * opens is closed by the service's lifecycle. Throws `WrongSecret`, and the store's errors where it cannot be read.
 */
export const openIngestion = async (
  { health, lifecycle, logger }: Service,
  { store, messaging, access, clock, newId }: IngestionBackends,
  { secret, timeoutMs, track, idempotencyRetentionMs: retentionMs, rideAlong = true }: IngestionSettings,
): Promise<OpenIngestion> => {
  try {
    await bindDeployment({ store, clock, newId }, secret.fingerprint);
  } catch (error) {
    if (error instanceof WrongSecret) secret.takeBack?.();
    throw error;
  }

  const firstKey = await access.createFirstKey();

  const owners = listenForProfileOwners(messaging, clock);
  lifecycle.onStop('close', 'profile owners', () => owners.stop());

  health.check(
    'profileOwners',
    () => owners.all() !== undefined || 'a partition is served by no profile projection',
  );

  let followed = true;
  const workspace = await openWorkspace({
    store,
    newId,
    onFailure: (error) => {
      followed = false;
      logger.error(
        { err: error },
        'Settings of the workspace can no longer be followed; restart the service',
      );
    },
  });
  lifecycle.onStop('close', 'workspace settings', () => workspace.close());
  health.check('workspace', () => followed || 'settings can no longer be followed');

  const profiles = profilesClient(messaging, owners);
  const keyedHash = keyedHashWith(secret.value);
  const requests = createKeyedRequests({ store, keyedHash, clock, newId, timeoutMs, retentionMs });
  sweepPeriodically(sweepRequests({ store, clock, newId }, retentionMs), { lifecycle, logger });
  const ports = { store, profiles, owners, keyedHash, clock, newId, timeoutMs, rideAlong };
  const rules = liveRules(trackSettings(track, keyedHash), workspace);
  const ingestion = createIngestion(ports, rules);
  finishOperations(ingestion, ports, { lifecycle, logger });
  const contextOf = requestContexts({ clock, timeoutMs });
  return {
    module: {
      ...IngestionModule.with(ingestion, contextOf, newId, rules, workspace),
      imports: [access.module],
    },
    http: {
      errors: ingestionErrors,
      fastify: (instance: FastifyInstance) => {
        addStrictJsonParser(instance);
        addBodyLimits(instance);
        access.install(instance);
        addIdempotencyHook(instance, requests, contextOf);
        addTrackRoutes(instance, ingestion, contextOf);
      },
    },
    firstKey,
  };
};
