import type { EventStore } from '@hearth/eventing';
import type { Messaging } from '@hearth/messaging';
import type { Service } from '@hearth/nest-kit';
import { listenForProfileOwners, profileQueries } from '@hearth/profiles-client';
import { withoutBlocklisted } from '@hearth/workspace';
import type { DynamicModule } from '@nestjs/common';
import { totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { PROFILES_FILE } from '../adapters/read-model-file.ts';
import { exportPlaces } from '../adapters/export-places.ts';
import { guardedPost } from '../adapters/guarded-post.ts';
import { idOfKey } from '../adapters/id-of-key.ts';
import { packFile } from '../adapters/pack-file.ts';
import { openReadModel } from '../adapters/sqlite-read-model.ts';
import { announcePresence, type Presence } from '../application/presence.ts';
import { createSegmentExports } from '../application/exporting/export-segments.ts';
import { createReading } from '../application/reading/reading.ts';
import { startProjection, type Projection } from '../application/projection.ts';
import { FOLD_VERSION } from '../domain/evolve.ts';
import { addProfilesMetrics } from './profiles-metrics.ts';
import { followSegments, followWorkspace } from './following.ts';
import { ProfilesModule } from './profiles.module.ts';
import { withReadingErrors } from './reading/reading-errors.ts';

export interface ProfilesBackends {
  readonly store: EventStore;
  readonly messaging: Messaging;
  /** Epoch milliseconds. */
  readonly clock: { now(): number };
  readonly newId: () => string;
}

export interface ProfilesSettings {
  /** The folder that the read model lies in. */
  readonly dataDir: string;
  /** A range list such as `00-7f`: whose users this instance serves. */
  readonly partitions: string;
  /** The currency that `total_revenue` is the sum of (default USD). */
  readonly baseCurrency?: string;
  /** Where exports of segments go: a `file:` folder or an `https:` object store; a folder in the data folder without it. */
  readonly exportUrl?: string | undefined;
  /** Lets callbacks of exports reach loopback, private and link-local addresses. */
  readonly allowPrivateCallbacks?: boolean;
}

/** A million rows of some 400 bytes, where the machine has memory for it. */
const MOST_ROW_MEMORY_BYTES = 448 * 1024 * 1024;
const ROW_MEMORY_SHARE = 8;
const rowMemoryBytes = (): number => {
  const constrained = process.constrainedMemory();
  const total = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.min(MOST_ROW_MEMORY_BYTES, total / ROW_MEMORY_SHARE);
};
/** How long the callback of an export may take. */
const CALLBACK_TIMEOUT_MS = 10_000;
/** How long the reading REST API waits for the owners of profiles. */
const READ_TIMEOUT_MS = 10_000;

/** Profiles, opened: what an application needs to answer for them. */
export interface OpenProfiles {
  readonly module: DynamicModule;
  readonly projection: Projection;
  /**
   * Tells everybody that this owner serves. Called once its handlers listen, and after everything else that stops in
   * `intake`: what is registered last stops first, and nobody shall be sent here once it stops.
   */
  readonly serve: () => void;
}

/**
 * Opens the read model and begins to follow the log. Reads are answered from the start; the service is ready once it has
 * caught up. What is opened is closed by the service's lifecycle. Throws a `ReadModelError` where the file cannot be used.
 */
export const openProfiles = async (
  service: Service,
  { store, messaging, clock, newId }: ProfilesBackends,
  settings: ProfilesSettings,
): Promise<OpenProfiles> => {
  const { health, lifecycle, logger, metrics } = service;
  const { dataDir, partitions, baseCurrency = 'USD', exportUrl, allowPrivateCallbacks = false } = settings;
  const file = join(dataDir, PROFILES_FILE);
  const readModel = await openReadModel({
    file,
    foldVersion: FOLD_VERSION,
    storeId: store.storeId,
    head: await store.head(),
    partitions,
    onRebuild: (reason) => logger.warn({ file, reason }, 'profiles are folded anew from the log'),
  });
  const workspace = await followWorkspace(service, { store, newId });
  const owner = `profiles-${newId()}`;
  let presence: Presence | undefined;
  const isServing = (): boolean => projection.problem === undefined;
  const projection = startProjection(
    {
      store,
      readModel,
      logger,
      pause,
      onFailure: () => presence?.announce(),
      now: () => clock.now(),
      visibleAttributes: (attributes) => withoutBlocklisted(attributes, workspace.current),
    },
    { partitions, rowMemoryBytes: rowMemoryBytes() },
  );
  lifecycle.onStop('flush', 'profiles', () => projection.stop());
  health.check(
    'profiles',
    () => projection.problem?.message ?? (projection.caughtUp || 'they are still being folded from the log'),
  );
  addProfilesMetrics(metrics, projection, { store, clock });

  const owners = listenForProfileOwners(messaging, clock);
  lifecycle.onStop('close', 'owners of profiles', () => owners.stop());
  const queries = withReadingErrors(profileQueries(messaging, owners));
  const readingPorts = { queries, clock, workspace, timeoutMs: READ_TIMEOUT_MS, baseCurrency };
  const reading = createReading(readingPorts);

  const segments = await followSegments(service, { store, newId });
  const segmentExports = createSegmentExports({
    ...readingPorts,
    store,
    segments,
    newId,
    idOf: idOfKey,
    logger,
    pack: packFile,
    placeFor: exportPlaces(exportUrl ?? pathToFileURL(join(resolve(dataDir), 'exports')).href),
    notify: guardedPost({ allowPrivate: allowPrivateCallbacks, timeoutMs: CALLBACK_TIMEOUT_MS }),
  });
  lifecycle.onStop('intake', 'exports of segments', () => segmentExports.stop());
  const resumeExports = (): void =>
    void segmentExports
      .resume()
      .catch((error: unknown) =>
        logger.error({ err: error }, 'exports that a restart cut off could not be looked for'),
      );
  const segmentContext = {
    newSegmentId: (key: string | undefined) => (key === undefined ? newId() : idOfKey(key)),
    metadataOf: (correlationId: string) => ({
      $correlationId: correlationId,
      $causationId: correlationId,
      source: 'profile-projection',
      received_at: new Date(clock.now()).toISOString(),
      schema: 1,
    }),
  };

  return {
    module: ProfilesModule.with({
      projection,
      reading,
      segments,
      segmentContext,
      segmentExports,
      owner,
      clock,
    }),
    projection,
    serve() {
      const announced = announcePresence({ messaging, owner, partitions, isServing });
      presence = announced;
      lifecycle.onStop('intake', 'presence', () => announced.stop());
      resumeExports();
      logger.info({ owner, partitions }, 'serving profiles');
    },
  };
};
