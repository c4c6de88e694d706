import { exportIds } from './export-ids.ts';
import { listNames } from './list-names.ts';
import { subscriptionStatus, userSubscriptions } from './subscriptions.ts';
import type { ReadingPorts } from './ports.ts';

/** What the reading REST API answers from: all owners of profiles together. */
export const createReading = (ports: ReadingPorts) => ({
  exportIds: exportIds(ports),
  listNames: listNames(ports),
  subscriptionStatus: subscriptionStatus(ports),
  userSubscriptions: userSubscriptions(ports),
});

export type Reading = ReturnType<typeof createReading>;
