import type { OpenWorkspace } from '@hearth/workspace';
import { Module, type DynamicModule } from '@nestjs/common';

import type { Ingestion } from '../application/ingestion.ts';
import type { LiveRules } from '../application/live-rules.ts';
import { IdentityController } from './identity.controller.ts';
import { SubscriptionController } from './subscription.controller.ts';
import { INGESTION, NEW_ID, REQUEST_CONTEXT, RULES, WORKSPACE, type ContextOf } from './tokens.ts';
import { WorkspaceController } from './workspace.controller.ts';

/** The user-data REST API on an opened ingestion, but for what `addTrackRoutes` adds. */
@Module({})
export class IngestionModule {
  static with(
    ingestion: Ingestion,
    contextOf: ContextOf,
    newId: () => string,
    rules: LiveRules,
    workspace: OpenWorkspace,
  ): DynamicModule {
    return {
      module: IngestionModule,
      controllers: [IdentityController, SubscriptionController, WorkspaceController],
      providers: [
        { provide: INGESTION, useValue: ingestion },
        { provide: REQUEST_CONTEXT, useValue: contextOf },
        { provide: RULES, useValue: rules },
        { provide: WORKSPACE, useValue: workspace },
        { provide: NEW_ID, useValue: newId },
      ],
    };
  }
}
