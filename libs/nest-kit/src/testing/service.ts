import { createHealth } from '../health/health.ts';
import { createMetrics } from '../health/metrics.ts';
import { createLifecycle } from '../lifecycle/lifecycle.ts';
import type { Service } from '../lifecycle/run-service.ts';
import { silentLogger } from '../logging/logger.ts';

/** What a service is started with, as its process has it but silent. Whoever starts something on it stops it. */
export const testService = (name = 'test'): Service => {
  const health = createHealth();
  const lifecycle = createLifecycle({
    logger: silentLogger,
    timeoutMs: 10_000,
    onStopping: () => health.stopping(),
  });
  return { name, logger: silentLogger, health, metrics: createMetrics(name), lifecycle };
};
