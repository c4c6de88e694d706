import type { AttributesUpdated, Json, JsonObject, UserEvent } from '@hearth/contracts';
import type { ProfileEvent } from '../domain/evolve.ts';
import { fold } from '../domain/evolve.ts';
import type { ActiveProfile } from '../domain/profile.ts';

export const brazeId = '0a'.repeat(12);

/** The time at which the event at a revision was taken in: a second apart. */
export const receivedAt = (revision: number): string =>
  new Date(Date.UTC(2024, 0, 1) + revision * 1_000).toISOString();

/** Gives plain events the places they take in a stream. */
export const inStream = (events: readonly UserEvent[], from = 0): ProfileEvent[] =>
  events.map((event, index) => ({
    ...event,
    revision: from + index,
    received_at: receivedAt(from + index),
    schema: 1,
  }));

export const userCreated: UserEvent = {
  type: 'UserCreated',
  data: { braze_id: brazeId, identifier: { kind: 'external_id', value: 'u1' }, random_bucket: 42 },
};

export const attributesUpdated = (data: AttributesUpdated): UserEvent => ({
  type: 'AttributesUpdated',
  data,
});

export const customEventRecorded = (name: string, time = '2024-01-01T00:00:00.000Z'): UserEvent => ({
  type: 'CustomEventRecorded',
  data: { name, time },
});

export const purchaseRecorded = (
  product_id: string,
  { price = 10, quantity = 1, currency = 'USD', time = '2024-01-01T00:00:00.000Z' } = {},
): UserEvent => ({ type: 'PurchaseRecorded', data: { product_id, currency, price, quantity, time } });

/** The profile of a user who was created and then met these events. */
export const profileAfter = (...events: readonly UserEvent[]): ActiveProfile => {
  const profile = fold(inStream([userCreated, ...events]));
  if (profile.status !== 'active') throw new Error(`The profile is ${profile.status}, not active`);
  return profile;
};

/** Sends values for one attribute, one event each: what is stored then, and the reasons of what was left out. */
export const attributeAfter = (
  ...sent: readonly (Json | { readonly merge: Json })[]
): { value: Json | undefined; rejected: readonly string[] } => {
  const isMerge = (value: unknown): value is { readonly merge: Json } =>
    typeof value === 'object' && value !== null && Object.keys(value).join() === 'merge';
  const profile = profileAfter(
    ...sent.map((value) =>
      isMerge(value)
        ? attributesUpdated({ custom: { a: value.merge }, merge_objects: true })
        : attributesUpdated({ custom: { a: value } as JsonObject }),
    ),
  );
  return {
    value: profile.custom_attributes['a'],
    rejected: profile.rejections.newest.map(({ code }) => code),
  };
};
