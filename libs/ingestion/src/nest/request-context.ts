import type { IngestionPorts } from '../application/ports.ts';
import { keyedRequestOf } from './keyed-request.ts';
import type { ContextOf } from './tokens.ts';

/** Makes contexts of requests by the clock of the service. */
export const requestContexts =
  ({ clock, timeoutMs }: Pick<IngestionPorts, 'clock' | 'timeoutMs'>): ContextOf =>
  (request) => {
    const receivedAt = clock.now();
    const keyed = keyedRequestOf(request);
    return {
      correlationId: request.id,
      receivedAt,
      deadline: receivedAt + timeoutMs,
      ...(keyed && { request: keyed }),
    };
  };
