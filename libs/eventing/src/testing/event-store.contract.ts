import { describe } from 'vitest';
import { appendLimitsContract } from './append-limits.contract.ts';
import { appendContract } from './append.contract.ts';
import { eraseContract } from './erase.contract.ts';
import type { EventStoreFixture } from './event-store-fixture.ts';
import { idempotencyContract } from './idempotency.contract.ts';
import { lifecycleContract } from './lifecycle.contract.ts';
import { readContract } from './read.contract.ts';
import { subscribeContract } from './subscribe.contract.ts';

/**
 * The promises of the `EventStore` port as one suite; the spec of each adapter calls it with a fixture. What an adapter
 * has no means to show is named by its fixture and skipped with that reason.
 */
export const eventStoreContract = (name: string, fixture: EventStoreFixture): void => {
  describe(`event store: ${name}`, () => {
    appendContract(fixture);
    appendLimitsContract(fixture);
    idempotencyContract(fixture);
    readContract(fixture);
    subscribeContract(fixture);
    eraseContract(fixture);
    lifecycleContract(fixture);
  });
};
