import type { Messaging, MessagingHooks } from '@hearth/messaging';

/** One wire under test. `connect` gives ends of it that share nothing else. */
export interface MessagingFixture {
  connect(hooks?: MessagingHooks): Promise<Messaging>;
  close(): Promise<void>;
}

/** Opens a wire, with a small limit on payloads where a test asks for one. */
export type OpenMessaging = (options?: { maxPayloadBytes?: number }) => Promise<MessagingFixture>;

/** A promise to be settled from outside: what tests wait on instead of time. */
export const gate = <T = void>() => Promise.withResolvers<T>();

/** Longer than any test takes: nothing here may depend on it. */
export const PATIENT = { timeoutMs: 20_000 } as const;
