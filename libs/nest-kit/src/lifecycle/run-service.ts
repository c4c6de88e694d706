import { createHealth, type Health } from '../health/health.ts';
import { createMetrics, type Metrics } from '../health/metrics.ts';
import { createLogger, type Logger } from '../logging/logger.ts';
import { createLifecycle, type Lifecycle } from './lifecycle.ts';
import { endWith } from './process-end.ts';

/** What every service has while it runs. */
export interface Service {
  readonly name: string;
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
}

/** The settings `runService` itself needs: `serviceSettings` has them. */
export interface ServiceConfig {
  readonly logLevel: string;
  readonly logFormat: 'pretty' | 'json';
  readonly shutdownTimeoutMs: number;
}

/** What a service tells the supervisor that started it, over their channel. */
export interface ReadyMessage {
  readonly hearth: 'ready';
  readonly url: string | undefined;
}

/** Takes from new files and folders what others than their user could do with them: they hold personal data. */
const PRIVATE = 0o077;

const lineOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Runs a service in this process: starts it, says that it is ready, and stops it in order when it is told to. What `start`
 * opens, it hands to `lifecycle.onStop`; its answer is the address that the ready line shows. A start that fails is one
 * clear line and exit code 1; what had been opened by then is closed first. Files that it makes are for its user alone.
 */
export const runService = async (
  name: string,
  { logLevel, logFormat, shutdownTimeoutMs }: ServiceConfig,
  start: (service: Service) => Promise<string | void>,
): Promise<void> => {
  process.umask(PRIVATE);
  const logger = createLogger({ service: name, level: logLevel, format: logFormat });
  const health = createHealth();
  const metrics = createMetrics(name);
  const lifecycle = createLifecycle({
    logger,
    timeoutMs: shutdownTimeoutMs,
    onStopping: () => health.stopping(),
  });
  endWith(lifecycle, logger);
  try {
    const url = (await start({ name, logger, health, metrics, lifecycle })) ?? undefined;
    if (lifecycle.stopping) return;
    health.started();
    logger.info({ url, startedInMs: Math.round(performance.now()) }, 'ready');
    process.send?.({ hearth: 'ready', url } satisfies ReadyMessage);
  } catch (error) {
    if (lifecycle.stopping) return;
    process.stderr.write(`hearth ${name}: cannot start: ${lineOf(error)}\n`);
    logger.debug({ err: error }, 'cannot start');
    await lifecycle.stop('the start failed', 'debug');
    process.exit(1);
  }
};
