import { rateLimitsController } from '@hearth/rest-api';
import { Module, type DynamicModule } from '@nestjs/common';
import { type AnsweringProfiles, profilesController } from './profiles.controller.ts';
import type { Reading } from '../application/reading/reading.ts';
import { ExportIdsController } from './reading/export-ids.controller.ts';
import { NamesController } from './reading/names.controller.ts';
import { SubscriptionsController } from './reading/subscriptions.controller.ts';
import { PROFILES, READING } from './tokens.ts';

export interface ProfilesPorts {
  readonly projection: AnsweringProfiles;
  readonly reading: Reading;
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
  static with({ projection, reading, owner, clock }: ProfilesPorts): DynamicModule {
    return {
      module: ProfilesModule,
      controllers: [
        profilesController(owner),
        rateLimitsController(owner, clock),
        ExportIdsController,
        NamesController,
        SubscriptionsController,
      ],
      providers: [
        { provide: PROFILES, useValue: projection },
        { provide: READING, useValue: reading },
      ],
    };
  }
}
