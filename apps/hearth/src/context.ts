import type { EventStore } from '@hearth/eventing';
import type { ReadableLog } from '@hearth/log-archive';
import type { LogModule } from '@hearth/profiles';

import type { Progress } from './output/progress.ts';
import type { Write } from './output/write-to.ts';
import type { RestClient, ServerOptions } from './rest-client.ts';

/** Ways to the log that the settings name. Whoever opens one closes it. */
export interface Logs {
  /** For reading, beside services that may be running. */
  openReader(): Promise<ReadableLog & { close(): Promise<void> }>;
  /** For writing: fails where a service has the log open, as far as the store can tell. */
  openStore(): Promise<EventStore>;
  /** How threads open the log to read it beside each other; undefined where one reader gets as much as several. */
  readonly module: LogModule | undefined;
  /** How many appends an import may send at once: 1 where a store does not keep the order of a batch. */
  readonly importBatch: number | undefined;
}

/** The deployment's secret. */
export interface DeploymentSecret {
  readonly value: string;
  readonly fingerprint: string;
}

/** What commands have to do with the world outside. */
export interface CommandContext {
  readonly logs: Logs;
  /** Undefined where no secret is set and none was made yet: a command never makes one. */
  readonly secret: () => DeploymentSecret | undefined;
  /** Where the read models are. */
  readonly dataDir: string;
  /** Whose profiles this deployment's read model holds, as a range list. */
  readonly partitions: string;
  /** A running server, by the options of a command and else by the settings. Throws a `Failure` without an API key. */
  readonly server: (options: ServerOptions) => RestClient;
  /** Data: standard output. */
  readonly write: Write;
  /** One line for whoever runs the command: standard error. */
  readonly say: (line: string) => void;
  readonly progress: (label: string) => Progress;
  /** Milliseconds, from any beginning. */
  readonly now: () => number;
  /** Aborted where the command is to end early. */
  readonly signal: AbortSignal;
}
