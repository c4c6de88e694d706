import type { EventStore } from '@hearth/eventing';
import type { Service } from '@hearth/nest-kit';
import { openWorkspace, type OpenWorkspace } from '@hearth/workspace';
import { openSegmentRegistry, type SegmentRegistry } from '../application/segments/segment-registry.ts';

type Watching = Pick<Service, 'health' | 'lifecycle' | 'logger'>;

interface Followed {
  readonly store: EventStore;
  readonly newId: () => string;
}

interface Opening extends Followed {
  readonly onFailure: (error: Error) => void;
}

/** Opens something that follows the log for as long as the service runs, and is not ready once it cannot. */
const follow =
  <Open extends { close(): Promise<void> }>(
    { check, name }: { readonly check: string; readonly name: string },
    open: (ports: Opening) => Promise<Open>,
  ) =>
  async ({ health, lifecycle, logger }: Watching, followed: Followed): Promise<Open> => {
    let failed = false;
    const onFailure = (error: Error): void => {
      failed = true;
      logger.error({ err: error }, `${name} can no longer be followed; restart the service`);
    };
    const opened = await open({ ...followed, onFailure });
    lifecycle.onStop('close', name, () => opened.close());
    health.check(check, () => !failed || `${name} can no longer be followed`);
    return opened;
  };

/** The settings of the workspace. */
export const followWorkspace: (service: Watching, followed: Followed) => Promise<OpenWorkspace> = follow(
  { check: 'profilesWorkspace', name: 'settings of the workspace for profiles' },
  openWorkspace,
);

/** The definitions of segments. */
export const followSegments: (service: Watching, followed: Followed) => Promise<SegmentRegistry> = follow(
  { check: 'segments', name: 'definitions of segments' },
  openSegmentRegistry,
);
