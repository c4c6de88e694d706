import type { OpenWorkspace } from '@hearth/workspace';
import { Module, type DynamicModule } from '@nestjs/common';

import { createIngestion } from '../application/ingestion.ts';
import type { LiveRules } from '../application/live-rules.ts';
import type { IngestionPorts } from '../application/ports.ts';
import { requestContexts } from './request-context.ts';
import { INGESTION, NEW_ID, REQUEST_CONTEXT, WORKSPACE } from './tokens.ts';
import { TrackController } from './track.controller.ts';
import { WorkspaceController } from './workspace.controller.ts';

/** The user-data REST API on the given ports. */
@Module({})
export class IngestionModule {
  static with(ports: IngestionPorts, rules: LiveRules, workspace: OpenWorkspace): DynamicModule {
    return {
      module: IngestionModule,
      controllers: [TrackController, WorkspaceController],
      providers: [
        { provide: INGESTION, useValue: createIngestion(ports, rules) },
        { provide: REQUEST_CONTEXT, useValue: requestContexts(ports) },
        { provide: WORKSPACE, useValue: workspace },
        { provide: NEW_ID, useValue: ports.newId },
      ],
    };
  }
}
