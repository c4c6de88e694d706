import { Module, type DynamicModule } from '@nestjs/common';
import type { Projection } from '../application/projection.ts';
import { profilesController } from './profiles.controller.ts';
import { PROFILES } from './tokens.ts';

export interface ProfilesPorts {
  readonly projection: Pick<Projection, 'readProfiles' | 'resolveIdentifiers'>;
  /** A name that is unique among running instances, fit for a subject. */
  readonly owner: string;
}

/** Answers to `profiles.read` and `profiles.resolve` under the name of one owner. */
@Module({})
export class ProfilesModule {
  static with({ projection, owner }: ProfilesPorts): DynamicModule {
    return {
      module: ProfilesModule,
      controllers: [profilesController(owner)],
      providers: [{ provide: PROFILES, useValue: projection }],
    };
  }
}
