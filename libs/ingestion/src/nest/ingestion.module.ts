import { Module, type DynamicModule } from '@nestjs/common';

import { createIngestion } from '../application/ingestion.ts';
import type { IngestionPorts } from '../application/ports.ts';
import type { TrackRules } from '../domain/parsing/index.ts';
import { requestContexts } from './request-context.ts';
import { INGESTION, REQUEST_CONTEXT } from './tokens.ts';
import { TrackController } from './track.controller.ts';

/** The user-data REST API on the given ports. */
@Module({})
export class IngestionModule {
  static with(ports: IngestionPorts, rules: TrackRules): DynamicModule {
    return {
      module: IngestionModule,
      controllers: [TrackController],
      providers: [
        { provide: INGESTION, useValue: createIngestion(ports, rules) },
        { provide: REQUEST_CONTEXT, useValue: requestContexts(ports) },
      ],
    };
  }
}
