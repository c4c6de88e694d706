/** One thing a service cannot work without. Answers true, or why it is not ready in a few words. */
export type HealthCheck = () => boolean | string | Promise<boolean | string>;

export interface Readiness {
  readonly ready: boolean;
  /** `ok`, or why not, by the name of the check. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Whether a service is ready to be sent requests. It starts as not ready. */
export interface Health {
  /** Adds a check that has to pass from now on. */
  check(name: string, check: HealthCheck): void;
  /** Said once everything is started. */
  started(): void;
  /** Said once when stopping begins: from then on it is never ready again. */
  stopping(): void;
  readiness(): Promise<Readiness>;
}

const outcome = async (check: HealthCheck): Promise<string> => {
  try {
    const answer = await check();
    return answer === true ? 'ok' : answer === false ? 'not ready' : answer;
  } catch (error) {
    return error instanceof Error ? error.message : 'failed';
  }
};

export const createHealth = (): Health => {
  const checks = new Map<string, HealthCheck>();
  let phase: 'starting' | 'ok' | 'stopping' = 'starting';
  return {
    check: (name, check) => void checks.set(name, check),
    started: () => {
      if (phase === 'starting') phase = 'ok';
    },
    stopping: () => {
      phase = 'stopping';
    },
    readiness: async () => {
      const names = [...checks.keys()];
      const outcomes = await Promise.all([...checks.values()].map(outcome));
      const results = { process: phase, ...Object.fromEntries(names.map((name, i) => [name, outcomes[i]!])) };
      return { ready: Object.values(results).every((result) => result === 'ok'), checks: results };
    },
  };
};
