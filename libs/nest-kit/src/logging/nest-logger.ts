import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.ts';

/** Nest hands over a message, then extras, and a context name last. */
const split = (extras: readonly unknown[]): { context?: string; rest?: readonly unknown[] } => {
  const context = extras.at(-1);
  if (typeof context !== 'string') return extras.length > 0 ? { rest: extras } : {};
  return extras.length > 1 ? { context, rest: extras.slice(0, -1) } : { context };
};

/**
 * Nest's own lines in our log. What it tells of wiring and routes at every start is debug to us; its warnings and errors
 * stay what they are.
 */
export const nestLogger = (logger: Logger): LoggerService => {
  const to =
    (level: 'debug' | 'warn' | 'error' | 'fatal') => (message: unknown, extras: readonly unknown[]) => {
      const fields = split(extras);
      if (message instanceof Error) logger[level]({ ...fields, err: message }, message.message);
      else logger[level](fields, String(message));
    };
  const [debug, warn, error, fatal] = [to('debug'), to('warn'), to('error'), to('fatal')];
  return {
    log: (message: unknown, ...extras: unknown[]) => debug(message, extras),
    debug: (message: unknown, ...extras: unknown[]) => debug(message, extras),
    verbose: (message: unknown, ...extras: unknown[]) => debug(message, extras),
    warn: (message: unknown, ...extras: unknown[]) => warn(message, extras),
    error: (message: unknown, ...extras: unknown[]) => error(message, extras),
    fatal: (message: unknown, ...extras: unknown[]) => fatal(message, extras),
  };
};
