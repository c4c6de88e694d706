import type { Endpoint } from '@hearth/rest-api';
import { exportIdsEndpoint } from './reading/export-ids.endpoints.ts';
import { eventsListEndpoint, productListEndpoint } from './reading/names.endpoints.ts';
import { subscriptionStatusEndpoint, userSubscriptionsEndpoint } from './reading/subscriptions.endpoints.ts';
import { exportSegmentEndpoint } from './segments/export-segment.endpoints.ts';
import { segmentsEndpoints } from './segments/segments.endpoints.ts';

/** Every endpoint that profile-projection serves. */
export const profilesEndpoints: readonly Endpoint[] = [
  exportIdsEndpoint,
  exportSegmentEndpoint,
  eventsListEndpoint,
  productListEndpoint,
  subscriptionStatusEndpoint,
  userSubscriptionsEndpoint,
  ...segmentsEndpoints,
];
