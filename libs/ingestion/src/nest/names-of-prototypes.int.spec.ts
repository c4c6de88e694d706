import type { Json } from '@hearth/contracts';
import { expect, it } from 'vitest';

import { startDeployment } from '../testing/deployment.ts';
import { externalId, knownUsers } from '../testing/known-users.ts';

/** Names that every object inherits, with values that would do harm where they reached a prototype. */
const hostile = {
  constructor: { prototype: { polluted: true }, constructor: 'text' },
  prototype: [{ constructor: 1 }, { prototype: { polluted: true } }],
} as const;

it('the names constructor and prototype are data in attributes, events and purchases', async () => {
  const deployment = await startDeployment();
  const { post } = await deployment.instance();
  const users = knownUsers(deployment);
  const time = '2024-01-01T00:00:00Z';

  const answer = await post('/users/track/sync', { attributes: [{ external_id: 'u', ...hostile }] });
  expect(answer).toMatchObject({ status: 201, body: { users: [{ custom_attributes: hostile }] } });
  const merged = {
    external_id: 'u',
    _merge_objects: true,
    constructor: { prototype: { more: 1 } },
    prototype: { $add: [{ constructor: 2 }] },
  };
  const events = [{ external_id: 'u', name: 'constructor', time, properties: hostile }];
  const purchases = ['prototype', 'constructor'].map((product_id) => ({
    external_id: 'u',
    product_id,
    currency: 'USD',
    price: 1,
    time,
    properties: hostile,
  }));
  const track = await post('/users/track', { attributes: [merged], events, purchases });
  expect(track).toMatchObject({ status: 201 });
  expect(track.body).not.toHaveProperty('errors');

  const profile = (await users.by(externalId('u')))!;
  const names = ({ custom_attributes }: { custom_attributes: unknown }): Json =>
    JSON.parse(JSON.stringify(custom_attributes)) as Json;
  expect(JSON.stringify(names(profile))).toBe(
    JSON.stringify({
      constructor: { prototype: { polluted: true, more: 1 }, constructor: 'text' },
      prototype: [...hostile.prototype, { constructor: 2 }],
    }),
  );
  expect(profile).toMatchObject({ custom_events: { constructor: { count: 1 } } });
  const written = (await deployment.log()).map(({ data }) => data as { properties?: unknown });
  expect(written.filter(({ properties }) => properties !== undefined).map((data) => data.properties)).toEqual(
    [hostile, hostile, hostile],
  );
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect((Object as unknown as Record<string, unknown>)['polluted']).toBeUndefined();
});
