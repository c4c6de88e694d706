import type { AppendedEvents, ProfileSelect, SelectedProfile } from '@hearth/contracts';
import { MessagingError } from '@hearth/messaging';
import type { ProfilesClient } from '@hearth/profiles-client';
import { setTimeout as pause } from 'node:timers/promises';

import type { Applied } from './append-to-user.ts';
import { AnswerLost } from './errors.ts';
import type { Clock, RequestContext } from './ports.ts';

/** One try waits this long at most: a message that was lost on the way is sent again. */
const TRY_MS = 1_000;
const PAUSE_MS = 50;

export interface ReadAfterWritePorts {
  readonly profiles: Pick<ProfilesClient, 'read'>;
  readonly clock: Clock;
  /** Whether the events that were just appended travel with the question: not where the projection has them already. */
  readonly rideAlong: boolean;
}

/**
 * The selected parts of a profile once a write is applied to it. The write stands, so this tries until the deadline and then
 * throws `AnswerLost`: a caller who sent the write again would count it twice.
 */
export const readAfterWrite =
  ({ profiles, clock, rideAlong }: ReadAfterWritePorts) =>
  async (
    applied: Applied,
    select: ProfileSelect,
    context: RequestContext,
  ): Promise<SelectedProfile | null> => {
    let appended: AppendedEvents | undefined =
      rideAlong && applied.events.length > 0 ? appendedIn(applied) : undefined;
    for (;;) {
      const left = context.deadline - clock.now();
      try {
        const reply = await profiles.read(
          {
            braze_id: applied.brazeId,
            min_revision: applied.revision,
            select,
            ...(appended && { appended }),
          },
          { timeoutMs: Math.max(1, Math.min(left, TRY_MS)) },
        );
        return reply.profile;
      } catch (error) {
        if (!(error instanceof MessagingError) || left <= PAUSE_MS)
          throw new AnswerLost('The write is stored; its answer was lost', applied.position, {
            cause: error,
          });
        if (error.code === 'too_large') appended = undefined;
        else await pause(PAUSE_MS);
      }
    }
  };

const appendedIn = ({ events, revision, position }: Applied): AppendedEvents => ({
  events: events.map(({ type, data, metadata }) => ({
    type,
    data,
    received_at: metadata.received_at,
    schema: metadata.schema,
  })),
  revision,
  position,
});
