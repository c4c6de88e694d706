import { describe, expect, it } from 'vitest';

import { post } from './testing/client.ts';
import { statusOfLargeBody } from './testing/large-body.ts';
import { now, shareHearth, VALID_DATA } from './testing/shared-hearth.ts';

/** The acceptance vectors of the user-data API (§20) about `/users/track`, by their numbers. */

const { url, post: call, track, exportIds, profile } = shareHearth();

const aliasOf = (alias_name: string) => ({ alias_name, alias_label: 'vector' });

describe('track', () => {
  it('1: takes an attributes object', async () => {
    const { status, body, headers } = await track({ attributes: [{ external_id: 'v1', x: 1 }] });
    expect([status, body]).toEqual([201, { message: 'success', attributes_processed: 1 }]);
    expect(headers.get('x-hearth-position')).toMatch(/^[0-9a-f]{8}:\d{19}$/);
    expect(await profile({ external_ids: ['v1'] })).toMatchObject({ custom_attributes: { x: 1 } });
  });

  it('2: takes the good events and names the bad one', async () => {
    const answer = await track({
      events: [
        { external_id: 'v2', name: 'e', time: now() },
        { name: 'e', time: now() },
      ],
    });
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        message: 'success',
        events_processed: 1,
        errors: [
          {
            type: "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required",
            input_array: 'events',
            index: 1,
          },
        ],
      },
    ]);
  });

  it('3: refuses a body with bad objects alone, and says why of each', async () => {
    const { status, body } = await track({ attributes: [{ x: 1 }], events: [{ external_id: 'v3' }] });
    expect([status, body]).toEqual([
      400,
      {
        message: VALID_DATA,
        errors: [
          expect.objectContaining({ input_array: 'attributes', index: 0 }),
          { type: "'name' is required", input_array: 'events', index: 0 },
        ],
      },
    ]);
  });

  it('4: refuses a body without objects', async () => {
    const { status, body } = await track({});
    expect([status, body]).toEqual([400, { message: VALID_DATA }]);
  });

  it('5: refuses 76 objects of a kind, and stores none', async () => {
    const attributes = Array.from({ length: 76 }, (_, index) => ({ external_id: `v5-${index}`, x: 1 }));
    const { status, body } = await track({ attributes });
    expect([status, body]).toEqual([400, { message: 'Max Input Length Exceeded' }]);
    expect((await exportIds({ external_ids: ['v5-0', 'v5-75'] })).users).toEqual([]);
  });

  it('6: lets in keys that it knows and that may track, and no others', async () => {
    const made = await call('/hearth/api_keys', { name: 'reader', permissions: ['users.export.ids'] });
    const body = { attributes: [{ external_id: 'v6', x: 1 }] };
    const { key: reader } = made.body as { key?: string };
    const answers = [null, 'wrong', reader!].map((key) => post(url(), '/users/track', body, { key }));
    expect((await Promise.all(answers)).map(({ status, body: { message } }) => [status, message])).toEqual([
      [401, 'Invalid API Key'],
      [401, 'Invalid API Key'],
      [403, 'Access Denied'],
    ]);
    expect((await exportIds({ external_ids: ['v6'] })).users).toEqual([]);
  });

  it('7: makes nobody by an alias', async () => {
    const { status, body } = await track({ attributes: [{ user_alias: aliasOf('v7'), x: 1 }] });
    expect([status, body]).toEqual([201, { message: 'success', attributes_processed: 1 }]);
    expect((await exportIds({ user_aliases: [aliasOf('v7')] })).users).toEqual([]);
  });

  it('8: makes somebody by an alias where it is told to', async () => {
    await track({ attributes: [{ user_alias: aliasOf('v8'), x: 1, _update_existing_only: false }] });
    expect(await profile({ user_aliases: [aliasOf('v8')] })).toMatchObject({
      user_aliases: [aliasOf('v8')],
      custom_attributes: { x: 1 },
    });
  });

  it('9: knows one profile by an email, whatever its case', async () => {
    await track({ attributes: [{ email: 'V9@Example.com', n: { inc: 1 } }] });
    await track({ attributes: [{ email: 'v9@example.COM', n: { inc: 1 } }] });
    expect(await profile({ email_address: 'v9@example.com' })).toMatchObject({
      email: 'v9@example.com',
      custom_attributes: { n: 2 },
    });
  });

  it('10: makes a second profile for an external_id with a known email', async () => {
    await track({ attributes: [{ email: 'v10@example.com', n: 1 }] });
    await track({ attributes: [{ external_id: 'v10', email: 'v10@example.com', n: 10 }] });
    const { users } = await exportIds({ email_address: 'v10@example.com' });
    expect(users.map((user) => [user['external_id'], user['custom_attributes']])).toEqual(
      expect.arrayContaining([
        [undefined, { n: 1 }],
        ['v10', { n: 10 }],
      ]),
    );
    expect(users).toHaveLength(2);
  });

  it('11: looks an email up among identified users first', async () => {
    await track({ attributes: [{ external_id: 'v11', email: 'v11@example.com' }] });
    await track({ attributes: [{ external_id: 'v11-later', email: 'other@example.com' }] });
    await track({ attributes: [{ email: 'v11@example.com', found: true }] });
    expect(await profile({ external_ids: ['v11'] })).toMatchObject({ custom_attributes: { found: true } });
  });

  it('36: answers 413, 400 and 415 to bodies that it cannot take', async () => {
    expect(await statusOfLargeBody(`${url()}/users/track`, 5 * 1024 * 1024)).toBe(413);
    const broken = await track('{"attributes": [');
    expect([broken.status, broken.body.message, broken.body['error']]).toEqual([
      400,
      'Error while parsing request body. Please check your syntax.',
      'Error while parsing request body. Please check your syntax.',
    ]);
    expect((await post(url(), '/users/track', '{}', { contentType: 'text/plain' })).status).toBe(415);
  });

  it('40: passes over keys and headers that it does not know', async () => {
    const sent = { partner: 'RudderStack', attributes: [{ external_id: 'v40', x: 1 }] };
    const { status, body } = await call('/users/track', sent, { headers: { 'x-braze-bulk': 'true' } });
    expect([status, body]).toEqual([201, { message: 'success', attributes_processed: 1 }]);
  });
});
