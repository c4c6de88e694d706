import type { Logger } from '../logging/logger.ts';

/**
 * The order of stopping. `intake`: take nothing new and finish what is in flight. `flush`: write what is only in memory.
 * `close`: release clients and files. Within a stage, what was registered last goes first.
 */
export type StopStage = 'intake' | 'flush' | 'close';

export interface Lifecycle {
  /** Registers work for when the process is told to stop. */
  onStop(stage: StopStage, name: string, work: () => Promise<unknown> | unknown): void;
  /** Stops, once, whoever asks and however often; `level` is that of its lines in the log. Answers whether every step was done, in time and without an error. */
  stop(reason: string, level?: 'info' | 'debug'): Promise<boolean>;
  readonly stopping: boolean;
}

interface Step {
  readonly stage: StopStage;
  readonly name: string;
  readonly work: () => Promise<unknown> | unknown;
}

const stages: readonly StopStage[] = ['intake', 'flush', 'close'];

export const createLifecycle = ({
  logger,
  timeoutMs,
  onStopping,
}: {
  readonly logger: Logger;
  /** The deadline of the whole stop. */
  readonly timeoutMs: number;
  /** Called first: says that the service is not ready any more. */
  readonly onStopping?: () => void;
}): Lifecycle => {
  const steps: Step[] = [];
  let stopped: Promise<boolean> | undefined;
  let current = 'nothing';

  const runSteps = async (): Promise<boolean> => {
    let clean = true;
    for (const stage of stages)
      for (const { name, work } of steps.filter((step) => step.stage === stage).toReversed()) {
        current = `${stage} ${name}`;
        try {
          await work();
        } catch (error) {
          clean = false;
          logger.error({ err: error, step: current }, 'a step of stopping failed');
        }
      }
    return clean;
  };

  const stop = async (reason: string, level: 'info' | 'debug'): Promise<boolean> => {
    logger[level]({ reason }, 'stopping');
    onStopping?.();
    const late = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => {
      logger.error({ step: current, timeoutMs }, 'stopping took too long and is cut short');
      late.resolve(false);
    }, timeoutMs);
    const clean = await Promise.race([runSteps(), late.promise]);
    clearTimeout(timer);
    if (clean) logger[level]('stopped');
    return clean;
  };

  return {
    onStop: (stage, name, work) => void steps.push({ stage, name, work }),
    stop: (reason, level = 'info') => (stopped ??= stop(reason, level)),
    get stopping() {
      return stopped !== undefined;
    },
  };
};
