import { onTestFinished } from 'vitest';
import type { AppendResult, EventStore } from '../index.ts';

/** Why an adapter cannot show a feature; the test report carries it. */
export interface NotApplicable {
  readonly notApplicable: string;
}

/** A log with a store opened over it. */
export interface StoreUnderTest {
  /** The store opened last. */
  readonly store: EventStore;
  /** Closes the store where it is still open, and opens the same log anew, as a restart would. */
  reopen(): Promise<EventStore>;
  /** Closes the store and gives everything back. */
  dispose(): Promise<void>;
}

export interface OpenOptions {
  /** Live events a subscription holds for a slow consumer; the adapter's default where it is left out. */
  readonly subscriptionBuffer?: number;
}

/** One append that a writer in another process had acknowledged. */
export interface AcknowledgedAppend extends AppendResult {
  readonly stream: string;
  readonly ids: readonly string[];
}

/** The server of a log, to be taken away and brought back with its data. */
export interface Interruption {
  readonly interrupt: () => Promise<void>;
  readonly resume: () => Promise<void>;
}

/** What only some adapters can show: the means, or the reason why there is none. */
export interface FixtureFeatures {
  /** Gives a second store over the same log, in this process, that may append at the same time. */
  readonly secondInstance: ((log: StoreUnderTest) => Promise<EventStore>) | NotApplicable;
  /** Runs `contendForRevisions` against the same log in another process and resolves with what it got. */
  readonly writerProcess:
    | ((log: StoreUnderTest, job: { stream: string; appends: number }) => Promise<AcknowledgedAppend[]>)
    | NotApplicable;
  /** Takes the server away (`interrupt`), and brings it back with its data (`resume`). */
  readonly interruption: ((log: StoreUnderTest) => Interruption) | NotApplicable;
  /**
   * Runs `appendWithoutPause` against the log, kills with SIGKILL what commits, at a random moment after at least
   * `acknowledged` answers, and resolves with everything acknowledged. The contract calls `reopen` afterwards.
   */
  readonly crash:
    ((log: StoreUnderTest, acknowledged: number) => Promise<AcknowledgedAppend[]>) | NotApplicable;
}

/** What an adapter gives to be held to the contract. Logs may be shared between tests: each uses names of its own. */
export interface EventStoreFixture {
  open(options?: OpenOptions): Promise<StoreUnderTest>;
  readonly features: FixtureFeatures;
  /** Whether `open` gives an empty log each time. */
  readonly freshLog: boolean;
  /** How many other appends lie between an append and its late repeat (default 200,000). */
  readonly distantRepeat?: number;
  /** How many kills the crash case takes (default 10). */
  readonly crashes?: number;
}

/** Opens a store for one test and disposes of it when the test ends. */
export const openFor = async (fixture: EventStoreFixture, options?: OpenOptions): Promise<StoreUnderTest> => {
  const log = await fixture.open(options);
  onTestFinished(() => log.dispose());
  return log;
};
