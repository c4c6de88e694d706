import { setTimeout as sleep } from 'node:timers/promises';
import {
  AppendOutcomeUnknown,
  encodeAppend,
  EventStoreError,
  EventStoreUnavailable,
  type AppendItem,
  type AppendOutcome,
} from '@hearth/eventing';
import { coalesce, MessagingError, wasNeverDelivered, type Messaging } from '@hearth/messaging';
import type { Presence } from './presence.ts';
import { APPEND, appendMessage, outcomeOf, type AppendReply } from './wire.ts';

export interface RemoteAppendOptions {
  readonly messaging: Messaging;
  readonly presence: Presence;
  /** How long an append whose answer got lost is sent again, before it counts as unknown. */
  readonly timeoutMs: number;
}

/** One try waits no longer than this for its answer, so that a lost message costs part of the time only. */
const TRY_MS = 1_000;
const PAUSE_MS = 40;

/**
 * One append by way of the log process. Appends of one turn of the event loop travel together. Where the answer is lost,
 * the same events go again with the same ids, which the store recognises. Answers with the outcome; throws only what is
 * wrong with the item itself.
 */
export const remoteAppend = ({ messaging, presence, timeoutMs }: RemoteAppendOptions) => {
  const ask = coalesce(messaging);

  return async (item: AppendItem): Promise<AppendOutcome> => {
    const message = appendMessage(item, encodeAppend(item));
    const endsAt = performance.now() + timeoutMs;
    let maybeStored = false;
    for (;;) {
      if (presence.state === 'silent' && !maybeStored)
        return new EventStoreUnavailable('The log process does not answer; nothing was sent to it');
      const left = endsAt - performance.now();
      try {
        const reply = await ask<AppendReply>(APPEND, message, {
          timeoutMs: Math.max(1, Math.min(TRY_MS, left)),
        });
        presence.seen();
        const outcome = outcomeOf(reply, item);
        // The log process itself may not know how its commit ended: that, too, is settled by the same events again.
        if (!(outcome instanceof EventStoreError) || outcome.code !== 'outcome_unknown') return outcome;
        maybeStored = true;
      } catch (error) {
        if (error instanceof MessagingError && error.code === 'too_large') return tooLarge(item, messaging);
        if (wasNeverDelivered(error)) {
          presence.missed();
          if (!maybeStored)
            return new EventStoreUnavailable('The log process cannot be reached; nothing was stored', {
              cause: error,
            });
        } else {
          maybeStored = true;
          if (performance.now() >= endsAt) return unknown(item, error);
        }
      }
      if (performance.now() + PAUSE_MS >= endsAt) return unknown(item);
      await sleep(PAUSE_MS);
    }
  };
};

const unknown = ({ stream }: AppendItem, cause?: unknown) =>
  new AppendOutcomeUnknown(
    `The answer to an append to ${stream} was lost; append the same events again to learn what became of it`,
    { cause },
  );

const tooLarge = ({ stream }: AppendItem, { maxPayloadBytes }: Messaging) =>
  new EventStoreError(
    'append_too_large',
    `${stream}: the append does not fit a message of ${maxPayloadBytes} bytes; raise max_payload of the NATS server to 1MB`,
  );
