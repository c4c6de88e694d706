import { describe, expect, it } from 'vitest';

import { startDeployment } from '../testing/deployment.ts';

const SYNTAX = 'Error while parsing request body. Please check your syntax.';

/** A body whose external id is made of these bytes. */
const aboutId = (...id: readonly number[]): Buffer =>
  Buffer.concat([
    Buffer.from('{"attributes":[{"external_id":"'),
    Buffer.from(id),
    Buffer.from('","plan":"gold"}]}'),
  ]);

describe('the bytes of a body', () => {
  it.each([
    ['a byte of Latin-1', [0xe9]],
    ['a character cut off', [0x61, 0xf0, 0x9f, 0x98]],
    ['half of a surrogate pair', [0xed, 0xa0, 0xbd]],
    ['a character written too long', [0xc0, 0xaf]],
  ])('are refused like broken JSON where they hold %s, and nothing is stored', async (_, id) => {
    const deployment = await startDeployment();
    const { post } = await deployment.instance();
    const before = await deployment.log();
    const answer = await post('/users/track', aboutId(...id));
    expect([answer.status, answer.body]).toEqual([400, { message: SYNTAX, error: SYNTAX }]);
    expect(await post('/users/track', aboutId(...id), { 'idempotency-key': 'k' })).toMatchObject({
      status: 400,
    });
    expect(await deployment.log()).toEqual(before);
  });

  it('name the user they spell', async () => {
    const deployment = await startDeployment();
    const { post } = await deployment.instance();
    expect((await post('/users/track', aboutId(...Buffer.from('é😀\uFFFD')))).status).toBe(201);
    const claims = JSON.stringify(await deployment.log());
    expect(claims).toContain('é😀\uFFFD');
  });
});
