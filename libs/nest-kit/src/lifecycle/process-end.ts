import { constants } from 'node:os';
import type { Logger } from '../logging/logger.ts';
import type { Lifecycle } from './lifecycle.ts';

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Ctrl-C reaches a process more than once: from the terminal, from npm, from the runner. That is one press. */
const SAME_PRESS_MS = 500;

/** The argument by which a supervisor says that it keeps a channel open to the process. */
export const SUPERVISED = '--supervised';

/**
 * Ties a process to its lifecycle: a first signal stops it in order, a second one ends it at once. It also stops when the
 * process that started it with a channel is gone, so that nothing outlives its supervisor, and exits with 1 on an
 * exception that nobody caught, since what state is left cannot be known.
 */
export const endWith = (lifecycle: Lifecycle, logger: Logger): void => {
  const stop = (reason: string): void => {
    void lifecycle.stop(reason).then((clean) => process.exit(clean ? 0 : 1));
  };
  let firstAt: number | undefined;
  for (const signal of signals)
    process.on(signal, () => {
      if (firstAt !== undefined && performance.now() - firstAt > SAME_PRESS_MS)
        process.exit(128 + constants.signals[signal]);
      firstAt ??= performance.now();
      stop(signal);
    });
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'an exception that nobody caught');
    process.exit(1);
  });
  // Whoever reads our output may go first; that is no reason to stop halfway.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  process.on('disconnect', () => stop('the supervisor is gone'));
  process.channel?.unref();
  // It may have gone while this process was still loading, when nobody listened.
  if (process.argv.includes(SUPERVISED) && !process.connected) stop('the supervisor is gone');
};
