import { Module, type DynamicModule } from '@nestjs/common';

import { createIngestion } from '../application/ingestion.ts';
import type { IngestionPorts } from '../application/ports.ts';
import type { TrackRules } from '../domain/parsing/index.ts';
import { keyedRequestOf } from './keyed-request.ts';
import { INGESTION, REQUEST_CONTEXT, type ContextOf } from './tokens.ts';
import { TrackController } from './track.controller.ts';

/** The user-data REST API on the given ports. */
@Module({})
export class IngestionModule {
  static with(ports: IngestionPorts, rules: TrackRules): DynamicModule {
    const { clock, timeoutMs } = ports;
    const contextOf: ContextOf = (request) => {
      const receivedAt = clock.now();
      const keyed = keyedRequestOf(request);
      return {
        correlationId: request.id,
        receivedAt,
        deadline: receivedAt + timeoutMs,
        ...(keyed && { request: keyed }),
      };
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
