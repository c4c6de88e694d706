import { Module, type DynamicModule } from '@nestjs/common';

import { createIngestion } from '../application/ingestion.ts';
import type { IngestionPorts, RequestContext } from '../application/ports.ts';
import type { TrackRules } from '../domain/parsing/index.ts';
import { INGESTION, REQUEST_CONTEXT } from './tokens.ts';
import { TrackController } from './track.controller.ts';

/** The user-data REST API on the given ports. */
@Module({})
export class IngestionModule {
  static with(ports: IngestionPorts, rules: TrackRules): DynamicModule {
    const { clock, timeoutMs } = ports;
    const contextOf = (correlationId: string): RequestContext => {
      const receivedAt = clock.now();
      return { correlationId, receivedAt, deadline: receivedAt + timeoutMs };
    };
    return {
      module: IngestionModule,
      controllers: [TrackController],
      providers: [
        { provide: INGESTION, useValue: createIngestion(ports, rules) },
        { provide: REQUEST_CONTEXT, useValue: contextOf },
      ],
    };
  }
}
