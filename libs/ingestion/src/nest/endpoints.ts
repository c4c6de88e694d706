import { apiKeyEndpoints, type Endpoint } from '@hearth/rest-api';

import { identityEndpoints } from './identity.endpoints.ts';
import { subscriptionEndpoints } from './subscription.endpoints.ts';
import { trackBulkEndpoint } from './track-bulk.endpoint.ts';
import { trackEndpoint, trackSyncEndpoint } from './track.endpoints.ts';
import { workspaceEndpoints } from './workspace.endpoints.ts';

/** Every endpoint that ingestion serves. */
export const ingestionEndpoints: readonly Endpoint[] = [
  trackEndpoint,
  trackBulkEndpoint,
  trackSyncEndpoint,
  ...identityEndpoints,
  ...subscriptionEndpoints,
  ...workspaceEndpoints,
  ...apiKeyEndpoints,
];
