import { PROFILE_OWNERS_PRESENT, PROFILE_OWNERS_WANTED, type ProfileOwnerPresence } from '@hearth/contracts';
import type { Messaging } from '@hearth/messaging';
import { serveMessages, silentLogger, createLifecycle } from '@hearth/nest-kit';
import { Module, type DynamicModule } from '@nestjs/common';
import { onTestFinished } from 'vitest';

import { rateLimitsController } from '../nest/rate-limits.controller.ts';

@Module({})
class OwnerModule {
  static with(controller: DynamicModule['controllers']): DynamicModule {
    return { module: OwnerModule, controllers: controller ?? [] };
  }
}

/** An owner of every partition that counts calls, as a profile projection does beside its reads. */
export const startCountingOwner = async (
  messaging: Messaging,
  clock: { now(): number },
): Promise<{ stop(): Promise<void> }> => {
  const lifecycle = createLifecycle({ logger: silentLogger, timeoutMs: 10_000 });
  const owner = 'counting';
  const say = (serving: boolean): void =>
    messaging.publish(PROFILE_OWNERS_PRESENT, {
      owner,
      partitions: '00-ff',
      serving,
    } satisfies ProfileOwnerPresence);
  await serveMessages(OwnerModule.with([rateLimitsController(owner, clock)]), messaging, {
    logger: silentLogger,
    lifecycle,
  });
  const wanted = messaging.subscribe(PROFILE_OWNERS_WANTED, () => say(true));
  say(true);
  const stop = async (): Promise<void> => {
    say(false);
    await wanted.stop();
    await lifecycle.stop('told to');
  };
  onTestFinished(stop);
  return { stop };
};
