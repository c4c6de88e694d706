import type { ProcessPlan } from './plan.ts';
import { superviseProcess, type SupervisedProcess, type SupervisionOptions } from './supervised-process.ts';

export interface Supervisor {
  /** Starts the waves one after the other. Throws the first `StartError`; what runs by then is for `stop`. */
  start(): Promise<void>;
  /** Stops what was started one by one, the last one first: who asks stops before who answers. */
  stop(): Promise<void>;
}

/** Runs waves of processes as one: all of them, or none. */
export const supervisor = (
  waves: readonly (readonly ProcessPlan[])[],
  options: Omit<SupervisionOptions, 'show'> & { readonly show: (name: string) => (line: string) => void },
): Supervisor => {
  const begun: SupervisedProcess[] = [];
  let stopping = false;
  return {
    start: async () => {
      for (const wave of waves) {
        if (stopping) return;
        const processes = wave.map((plan) =>
          superviseProcess(plan, { ...options, show: options.show(plan.name) }),
        );
        begun.push(...processes);
        await Promise.all(processes.map((process) => process.start()));
      }
    },
    stop: async () => {
      stopping = true;
      for (const process of begun.toReversed()) await process.stop();
    },
  };
};
