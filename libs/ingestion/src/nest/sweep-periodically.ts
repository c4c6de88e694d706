import type { Service } from '@hearth/nest-kit';

const EVERY_MS = 10 * 60_000;

/** Runs a sweep now and then until the service stops. One that fails is tried again next time. */
export const sweepPeriodically = (
  sweep: (signal: AbortSignal) => Promise<void>,
  { lifecycle, logger }: Pick<Service, 'lifecycle' | 'logger'>,
): void => {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running
      .then(() => sweep(stopping.signal))
      .catch((error: unknown) => logger.warn({ err: error }, 'old idempotency keys are still kept'));
  }, EVERY_MS);
  timer.unref();
  lifecycle.onStop('close', 'idempotency keys', async () => {
    stopping.abort();
    clearInterval(timer);
    await running;
  });
};
