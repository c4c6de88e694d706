import type { OpenWorkspace } from '@hearth/workspace';
import { Module, type DynamicModule } from '@nestjs/common';

import type { Ingestion } from '../application/ingestion.ts';
import type { LiveRules } from '../application/live-rules.ts';
import type { IngestionPorts } from '../application/ports.ts';
import { IdentityController } from './identity.controller.ts';
import { requestContexts } from './request-context.ts';
import { SubscriptionController } from './subscription.controller.ts';
import { INGESTION, NEW_ID, REQUEST_CONTEXT, RULES, WORKSPACE } from './tokens.ts';
import { WorkspaceController } from './workspace.controller.ts';

/** The user-data REST API on an opened ingestion. */
@Module({})
export class IngestionModule {
  static with(
    ingestion: Ingestion,
    ports: Pick<IngestionPorts, 'clock' | 'timeoutMs' | 'newId'>,
    rules: LiveRules,
    workspace: OpenWorkspace,
  ): DynamicModule {
    return {
      module: IngestionModule,
      controllers: [IdentityController, SubscriptionController, WorkspaceController],
      providers: [
        { provide: INGESTION, useValue: ingestion },
        { provide: REQUEST_CONTEXT, useValue: requestContexts(ports) },
        { provide: RULES, useValue: rules },
        { provide: WORKSPACE, useValue: workspace },
        { provide: NEW_ID, useValue: ports.newId },
      ],
    };
  }
}
