import { randomUUID } from 'node:crypto';
import type { NewEvent } from '@hearth/eventing';

/** An event for programs that run outside the test runner. */
export const someEvent = (data: unknown = { n: 1 }): NewEvent => ({
  id: randomUUID(),
  type: 'SomethingHappened',
  data,
  metadata: {
    $correlationId: 'c0ffee00-0000-4000-8000-000000000001',
    $causationId: 'c0ffee00-0000-4000-8000-000000000002',
    source: 'program',
    received_at: '2026-11-22T04:44:05.123Z',
    schema: 1,
  },
});
