import type { ProfileQueries } from '@hearth/profiles-client';
import type { Workspace } from '@hearth/workspace';

/** What the reading endpoints work with. */
export interface ReadingPorts {
  readonly queries: ProfileQueries;
  /** Epoch milliseconds. */
  readonly clock: { now(): number };
  /** The settings of the workspace as of now. */
  readonly workspace: { readonly current: Workspace };
  /** How long a read may wait for the owners of profiles, in milliseconds. */
  readonly timeoutMs: number;
  /** The currency that `total_revenue` is the sum of. */
  readonly baseCurrency: string;
}

/** What every read may ask for. */
export interface ReadOptions {
  /** The read takes in everything up to this position of the log. */
  readonly minPosition: string | undefined;
}
