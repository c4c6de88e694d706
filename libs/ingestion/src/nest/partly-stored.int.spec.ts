import {
  AppendOutcomeUnknown,
  EventStoreUnavailable,
  type AppendItem,
  type EventStore,
} from '@hearth/eventing';
import { expect, it } from 'vitest';

import { startDeployment } from '../testing/deployment.ts';

const time = '2026-01-01T00:00:00Z';

/** The items of each user: a claim, which comes first, and the events of the user's stream. */
const usersOf = (items: readonly AppendItem[]): readonly (readonly AppendItem[])[] => {
  const users: AppendItem[][] = [[]];
  for (const item of items) {
    users.at(-1)!.push(item);
    if (item.stream.startsWith('user_')) users.push([]);
  }
  return users.filter((own) => own.length > 0);
};

/** The store as seen over a connection that is lost: at the user created for `away` before, at that for `lost` after the append. */
const failing = (store: EventStore): EventStore =>
  Object.assign(Object.create(store) as EventStore, {
    appendMany: async (items: readonly AppendItem[]) =>
      (
        await Promise.all(
          usersOf(items).map(async (own) => {
            const text = JSON.stringify(own);
            if (text.includes('away')) return own.map(() => new EventStoreUnavailable('the log is away'));
            const outcomes = await store.appendMany(own);
            return text.includes('lost')
              ? own.map(() => new AppendOutcomeUnknown('the answer was lost'))
              : outcomes;
          }),
        )
      ).flat(),
  });

const body = {
  attributes: [
    { external_id: 'stored', x: 1 },
    { x: 'nobody' },
    { external_id: 'away', x: 1 },
    { external_id: 'nobody', _update_existing_only: true, x: 1 },
  ],
  events: [
    { external_id: 'lost', name: 'e', time },
    { external_id: 'away', name: 'e', time },
  ],
};

it('a request that is stored in parts says which of its objects are, which are not, and of which it is not known', async () => {
  const { store, instance, log } = await startDeployment();
  await instance(); // binds the log
  const { post } = await instance({ store: failing(store) });
  const answer = await post('/users/track', body);
  expect(answer).toMatchObject({
    status: 504,
    headers: { 'x-hearth-position': expect.any(String) },
    body: {
      message: expect.stringContaining('not stored'),
      stored: [
        { input_array: 'attributes', index: 0 },
        { input_array: 'attributes', index: 3 },
      ],
      not_stored: [
        { input_array: 'attributes', index: 2 },
        { input_array: 'events', index: 1 },
      ],
      unknown: [{ input_array: 'events', index: 0 }],
    },
  });
  expect(JSON.stringify(await log())).not.toContain('away');
});

it('with an Idempotency-Key all of it can be sent again', async () => {
  const { store, instance, log } = await startDeployment();
  const healthy = await instance();
  const { post } = await instance({ store: failing(store) });
  const headers = { 'idempotency-key': 'k' };
  expect((await post('/users/track', body, headers)).status).toBe(504);
  expect(await healthy.post('/users/track', body, headers)).toMatchObject({
    status: 201,
    body: { attributes_processed: 3, events_processed: 2 },
  });
  const written = (await log()).filter(
    ({ type }) => type === 'AttributesUpdated' || type === 'CustomEventRecorded',
  );
  expect(written).toHaveLength(4);
});
