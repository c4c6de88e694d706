import type { Messaging } from '@hearth/messaging';
import { NestFactory } from '@nestjs/core';
import type { Service } from './lifecycle/run-service.ts';
import { nestLogger } from './logging/nest-logger.ts';
import { MessagingStrategy, PassErrorsOn } from './messaging-strategy.ts';

type RootModule = Parameters<typeof NestFactory.createMicroservice>[0];

/**
 * Serves the message handlers of a module by themselves, beside an HTTP application rather than in it: Nest closes both
 * halves of a hybrid application at once, and requests in flight may still need the handlers. Registered in `intake` now,
 * so that what listens later stops first. Resolves when the handlers listen.
 */
export const serveMessages = async (
  module: RootModule,
  messaging: Messaging,
  { logger, lifecycle }: Pick<Service, 'logger' | 'lifecycle'>,
): Promise<void> => {
  const app = await NestFactory.createMicroservice(module, {
    strategy: new MessagingStrategy(messaging),
    logger: nestLogger(logger),
    abortOnError: false,
  });
  app.useGlobalFilters(new PassErrorsOn());
  await app.listen();
  lifecycle.onStop('intake', 'message handlers', () => app.close());
};
