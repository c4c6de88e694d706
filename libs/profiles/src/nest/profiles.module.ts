import { rateLimitsController } from '@hearth/rest-api';
import { Module, type DynamicModule } from '@nestjs/common';
import { type AnsweringProfiles, profilesController } from './profiles.controller.ts';
import type { Reading } from '../application/reading/reading.ts';
import { ExportIdsController } from './reading/export-ids.controller.ts';
import { NamesController } from './reading/names.controller.ts';
import { SubscriptionsController } from './reading/subscriptions.controller.ts';
import type { SegmentExports } from '../application/exporting/export-segments.ts';
import type { SegmentRegistry } from '../application/segments/segment-registry.ts';
import { SegmentAdminController, type SegmentContext } from './segments/segment-admin.controller.ts';
import { ExportSegmentController } from './segments/export-segment.controller.ts';
import { SegmentsController } from './segments/segments.controller.ts';
import { PROFILES, READING, SEGMENT_CONTEXT, SEGMENT_EXPORTS, SEGMENTS } from './tokens.ts';

export interface ProfilesPorts {
  readonly projection: AnsweringProfiles;
  readonly reading: Reading;
  readonly segments: SegmentRegistry;
  readonly segmentContext: SegmentContext;
  readonly segmentExports: SegmentExports;
  /** A name that is unique among running instances, fit for a subject. */
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly clock: { now(): number };
}

/**
 * Answers to `profiles.read`, `profiles.resolve` and `profiles.query` under the name of one owner, and serves the reading REST
 * API out of the answers of all owners. An owner also counts calls for the rate limits of all instances.
 */
@Module({})
export class ProfilesModule {
  static with(ports: ProfilesPorts): DynamicModule {
    const { projection, reading, segments, segmentContext, segmentExports, owner, clock } = ports;
    return {
      module: ProfilesModule,
      controllers: [
        profilesController(owner),
        rateLimitsController(owner, clock),
        ExportIdsController,
        NamesController,
        SubscriptionsController,
        SegmentsController,
        SegmentAdminController,
        ExportSegmentController,
      ],
      providers: [
        { provide: PROFILES, useValue: projection },
        { provide: READING, useValue: reading },
        { provide: SEGMENTS, useValue: segments },
        { provide: SEGMENT_CONTEXT, useValue: segmentContext },
        { provide: SEGMENT_EXPORTS, useValue: segmentExports },
      ],
    };
  }
}
