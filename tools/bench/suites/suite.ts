import type { Load } from '../processes/load-process.ts';
import type { Resources } from '../processes/resources.ts';

/** What a part of the benchmark works with. */
export interface SuiteContext {
  readonly resources: Resources;
  readonly load: Load;
  readonly quick: boolean;
  /** Says how far it is, for whoever waits. */
  readonly progress: (text: string) => void;
}

export const WITHOUT_POSTGRES =
  'Postgres is not installed here (neither on the PATH nor in /usr/lib/postgresql), so there is nothing to compare with. ' +
  'On Debian: `apt-get install postgresql`.';
