import {
  profilesQuerySubject,
  profilesReadSubject,
  profilesResolveSubject,
  type ProfileQuery,
  type ReadProfile,
  type ResolveIdentifier,
} from '@hearth/contracts';
import { Controller, Inject, type Type } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { Projection } from '../application/projection.ts';
import { PROFILES } from './tokens.ts';

/** What the messages are answered with. */
export type AnsweringProfiles = Pick<Projection, 'readProfiles' | 'resolveIdentifiers' | 'answerQueries'>;

/** The subjects carry the owner's name, which a start makes up: so each start has a controller of its own. */
export const profilesController = (owner: string): Type => {
  @Controller()
  class ProfilesController {
    constructor(@Inject(PROFILES) private readonly profiles: AnsweringProfiles) {}

    @MessagePattern(profilesReadSubject(owner))
    read(@Payload() requests: readonly ReadProfile[]) {
      return this.profiles.readProfiles(requests);
    }

    @MessagePattern(profilesResolveSubject(owner))
    resolve(@Payload() requests: readonly ResolveIdentifier[]) {
      return this.profiles.resolveIdentifiers(requests);
    }

    @MessagePattern(profilesQuerySubject(owner))
    query(@Payload() queries: readonly ProfileQuery[]) {
      return this.profiles.answerQueries(queries);
    }
  }
  return ProfilesController;
};
