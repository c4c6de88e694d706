import type { NestFastifyApplication } from '@nestjs/platform-fastify';
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

/** Why a service could not start, in a line for whoever starts it: it is printed without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** What a service tells the supervisor that started it, over their channel. */
export interface ReadyMessage {
  readonly hearth: 'ready';
  readonly url: string | undefined;
}

const lineOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Runs a service in this process: starts it, says that it is ready, and stops it in order when it is told to. What `start`
 * opens, it hands to `lifecycle.onStop`; its answer is the address that the ready line shows. A start that fails is one
 * clear line and exit code 1; what had been opened by then is closed first.
 */
export const runService = async (
  name: string,
  { logLevel, logFormat, shutdownTimeoutMs }: ServiceConfig,
  start: (service: Service) => Promise<string | void>,
): Promise<void> => {
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
    await lifecycle.stop('the start failed');
    process.exit(1);
  }
};

const listenError = (error: unknown, { host, port }: { host: string; port: number }): unknown => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return new StartError(`port ${port} on ${host} is in use; set HEARTH_PORT to another one`, {
      cause: error,
    });
  if (code === 'EACCES')
    return new StartError(`port ${port} on ${host} is not open to this user; set HEARTH_PORT above 1023`, {
      cause: error,
    });
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new StartError(`${host} is no address of this machine; set HEARTH_HOST to one`, { cause: error });
  return error;
};

/**
 * Lets an application listen, and stop listening as the last thing of intake: requests in flight are answered, idle
 * connections closed. Answers its address. Throws a `StartError` where the port cannot be had.
 */
export const listen = async (
  app: NestFastifyApplication,
  { lifecycle }: Pick<Service, 'lifecycle'>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> => {
  try {
    await app.listen(port, host);
  } catch (error) {
    throw listenError(error, { host, port });
  }
  lifecycle.onStop('intake', 'http', () => app.close());
  const address = app.getHttpServer().address();
  const taken = typeof address === 'object' && address ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
};
